// A server for tests of clients: every connection is answered with the next script, whatever was asked.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "rpc/endpoint.hpp"

namespace checkerlab::rpc {

struct Script {
  std::string answer;
  bool hold_open = false;  // keep the connection until the client closes it
};

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Script> scripts);
  ~ScriptedServer();  // waits until every script was played: a test that asks too little hangs and is seen

  Endpoint endpoint() const { return {.host = "127.0.0.1", .port = port_, .token = "secret"}; }
  std::vector<std::string> requests() const;  // heads, in order
  void wait_for_requests(std::size_t count) const;

 private:
  void play(const Script& script);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

}  // namespace checkerlab::rpc
