// A TCP proxy on the loopback interface that cuts, delays and garbles what goes through it.
//
// Runs on a thread of its own; the members may be called from any thread. What is under way when a connection is cut is
// lost on both sides.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>

namespace checkerlab::chaos {

class Proxy {
 public:
  // Takes a free port and passes connections on to `target` of this machine.
  explicit Proxy(std::uint16_t target);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::uint16_t port() const { return port_; }
  // Ends all connections there are; new ones are taken.
  void cut_all();
  // What arrives from now on waits this long.
  void delay(std::chrono::milliseconds by) { delay_ = by; }
  // The next piece of every connection there is gets noise in its middle.
  void garble_all();

  std::uint64_t connections() const { return connections_; }

 private:
  class Pair;
  void accept();

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::uint16_t target_;
  std::atomic<std::chrono::milliseconds> delay_{std::chrono::milliseconds(0)};
  std::atomic<std::uint64_t> connections_ = 0;
  std::list<std::weak_ptr<Pair>> pairs_;
  std::jthread thread_;
};

}  // namespace checkerlab::chaos
