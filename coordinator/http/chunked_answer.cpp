#include "coordinator/http/chunked_answer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>

#include "coordinator/http/headers.hpp"

namespace checkerlab::coordinator {

namespace asio = boost::asio;
namespace http = boost::beast::http;

asio::awaitable<void> ChunkedAnswer::begin(std::string content_type,
                                           std::vector<std::pair<std::string, std::string>> headers) {
  http::response<http::empty_body> head(http::status::ok, 11);
  head.set(http::field::content_type, content_type);
  for (const auto& [name, value] : headers)
    head.set(name, value);
  set_common_headers(head);
  exchange_.keep_alive = exchange_.body_read && exchange_.client_keeps_alive;
  head.keep_alive(exchange_.keep_alive);
  head.chunked(true);
  exchange_.answered = true;
  exchange_.stream.expires_after(exchange_.idle_limit);
  http::response_serializer<http::empty_body> serializer(head);
  co_await http::async_write_header(exchange_.stream, serializer, asio::use_awaitable);
}

asio::awaitable<void> ChunkedAnswer::write(const std::string& text) {
  if (text.empty()) co_return;
  exchange_.stream.expires_after(exchange_.idle_limit);
  co_await asio::async_write(exchange_.stream, http::make_chunk(asio::buffer(text)), asio::use_awaitable);
}

asio::awaitable<void> ChunkedAnswer::end() {
  exchange_.stream.expires_after(exchange_.idle_limit);
  co_await asio::async_write(exchange_.stream, http::make_chunk_last(), asio::use_awaitable);
}

}  // namespace checkerlab::coordinator
