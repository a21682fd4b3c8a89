// Many page viewers on one thread: each reads the event stream as fast as it comes and notes the ids that it saw.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "rpc/endpoint.hpp"

namespace checkerlab::bench {

class Viewer {
 public:
  // Connects and asks for the stream after event `after`; runs on the context's thread.
  Viewer(boost::asio::io_context& context, const rpc::Endpoint& endpoint, std::uint64_t after);

  const std::vector<std::uint64_t>& ids() const { return ids_; }
  bool cut_off() const { return cut_off_; }

 private:
  void read();
  void take(std::string_view bytes);

  boost::asio::ip::tcp::socket socket_;
  std::string request_;
  std::string chunk_;
  std::string line_;  // not whole yet
  std::vector<std::uint64_t> ids_;
  bool cut_off_ = false;
};

}  // namespace checkerlab::bench
