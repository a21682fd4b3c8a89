// One client's connection: reads requests one after the other, admits them, runs their handlers (internal to http/).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <exception>
#include <string>

#include "coordinator/http/exchange.hpp"
#include "coordinator/http/server.hpp"

namespace checkerlab::coordinator {

class Connection {
 public:
  // An overloaded connection answers 503 to its first request and closes.
  Connection(boost::asio::ip::tcp::socket socket, const ServerParts& parts, const ServerLimits& limits,
             bool overloaded);

  // Ends when the client leaves, breaks the rules or is silent for too long. Never throws.
  boost::asio::awaitable<void> run();

  bool busy() const { return busy_; }  // answering a request, not waiting for one
  void finish_soon() { finishing_ = true; }
  void cancel();
  boost::asio::cancellation_signal& signal() { return signal_; }

 private:
  using HeaderParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<void> answer(Exchange& exchange);
  const Route& admit(Exchange& exchange);
  void check_origin(const Request& request) const;
  boost::asio::awaitable<void> read_body(Exchange& exchange, std::size_t limit);
  boost::asio::awaitable<void> refuse(Exchange& exchange, std::exception_ptr error);
  boost::asio::awaitable<void> say_goodbye();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  const ServerParts& parts_;
  const ServerLimits& limits_;
  const bool overloaded_;
  const std::string local_address_;
  boost::asio::cancellation_signal signal_;
  std::string route_name_;
  unsigned status_ = 0;
  bool busy_ = false;
  bool finishing_ = false;
};

}  // namespace checkerlab::coordinator
