// Many page viewers on one thread: each reads the event stream as fast as it comes and notes the ids that it saw.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/endpoint.hpp"

namespace checkerlab::bench {

class Viewer {
 public:
  // Connects and asks for the stream after event `after`; runs on the context's thread.
  Viewer(boost::asio::io_context& context, const rpc::Endpoint& endpoint, std::uint64_t after);

  const std::vector<std::uint64_t>& ids() const { return ids_; }
  // Calls `done` once, when event `id` or a later one has come, or the stream has ended. On the context's thread.
  void when_seen(std::uint64_t id, std::function<void()> done);

 private:
  void read();
  void take(std::string_view bytes);
  void tell_if_seen();

  boost::asio::ip::tcp::socket socket_;
  std::string request_;
  std::string chunk_;
  std::string line_;  // not whole yet
  std::vector<std::uint64_t> ids_;
  bool cut_off_ = false;
  std::uint64_t awaited_ = 0;
  std::function<void()> seen_;  // empty: nobody waits
};

}  // namespace checkerlab::bench
