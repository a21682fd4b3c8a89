// One client's connection: reads requests one after the other, admits them, runs their handlers (internal to http/).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <exception>
#include <string>

#include "coordinator/http/exchange.hpp"
#include "coordinator/http/rate_limiter.hpp"
#include "coordinator/http/server.hpp"
#include "rpc/net_stream.hpp"

namespace checkerlab::coordinator {

// Of all connections together.
struct RequestRates {
  RateLimiter by_token;
  RateLimiter by_address;
};

// The numeric address of the other side; empty when it has left already.
std::string remote_address(const boost::asio::ip::tcp::socket& socket);

class Connection {
 public:
  // With an `overload` (why it is one connection too many), it answers 503 to its first request and closes.
  Connection(boost::asio::ip::tcp::socket socket, const ServerParts& parts, const ServerLimits& limits,
             RequestRates& rates, std::string overload);

  // Ends when the client leaves, breaks the rules or is silent for too long. Never throws.
  boost::asio::awaitable<void> run();

  bool busy() const { return busy_; }  // answering a request, not waiting for one
  bool streams_for(const std::string& token) const { return streaming_for_ == token; }
  void finish_soon() { finishing_ = true; }
  void cancel();
  boost::asio::cancellation_signal& signal() { return signal_; }

 private:
  using HeaderParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  boost::asio::awaitable<bool> shake_hands();
  boost::asio::awaitable<bool> first_bytes();
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<void> answer(Exchange& exchange);
  const Route& admit(Exchange& exchange);
  void check_rate(RateLimiter& limiter, const std::string& key, const std::string& whose);
  void check_role(const Request& request, const Route& route) const;
  void check_origin(const Request& request) const;
  boost::asio::awaitable<void> read_body(Exchange& exchange, std::size_t limit);
  boost::asio::awaitable<void> refuse(Exchange& exchange, std::exception_ptr error);
  boost::asio::awaitable<void> say_goodbye();

  rpc::NetStream stream_;
  boost::beast::flat_buffer buffer_;
  const ServerParts& parts_;
  const ServerLimits& limits_;
  RequestRates& rates_;
  const std::string overload_;
  const std::string local_address_;
  const std::string remote_address_;
  boost::asio::cancellation_signal signal_;
  std::string route_name_;
  std::string streaming_for_;  // the token in whose name an answer stays open
  std::chrono::milliseconds retry_after_{0};
  unsigned status_ = 0;
  bool busy_ = false;
  bool finishing_ = false;
};

}  // namespace checkerlab::coordinator
