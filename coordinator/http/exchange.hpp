// A request whose body has not been read and whose answer the handler writes itself: transfers, event streams,
// WebSockets.
//
// Owned by the connection for the length of one request; used on the server's thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>

#include "coordinator/http/request.hpp"
#include "coordinator/http/response.hpp"
#include "rpc/net_stream.hpp"

namespace checkerlab::coordinator {

struct Exchange {
  rpc::NetStream& stream;
  boost::beast::flat_buffer& buffer;
  boost::beast::http::request_parser<boost::beast::http::empty_body>& header;
  Request request;
  std::chrono::milliseconds idle_limit;  // longest silence of the other side
  bool client_keeps_alive = false;
  bool body_read = false;   // set when the body was taken from the stream
  bool answered = false;    // set when the first byte of an answer was written
  bool keep_alive = false;  // set when the connection can take another request
};

// Tells a client that waits for it ("Expect: 100-continue") to send its body. To be called before the body is read.
boost::asio::awaitable<void> invite_body(Exchange& exchange);

// Writes a complete answer, with the security headers that every answer has.
boost::asio::awaitable<void> write_response(Exchange& exchange, Response response);

}  // namespace checkerlab::coordinator
