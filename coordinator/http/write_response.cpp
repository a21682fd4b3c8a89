#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "coordinator/http/exchange.hpp"
#include "coordinator/http/headers.hpp"

namespace checkerlab::coordinator {

namespace asio = boost::asio;
namespace http = boost::beast::http;

asio::awaitable<void> invite_body(Exchange& exchange) {
  if (exchange.request.header("Expect") != "100-continue") co_return;
  http::response<http::empty_body> message(http::status::continue_, 11);
  exchange.stream.expires_after(exchange.idle_limit);
  co_await http::async_write(exchange.stream, message, asio::use_awaitable);
}

asio::awaitable<void> write_response(Exchange& exchange, Response response) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  for (const auto& [name, value] : response.headers)
    message.set(name, value);
  set_common_headers(message);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  exchange.keep_alive = exchange.body_read && exchange.client_keeps_alive;
  message.keep_alive(exchange.keep_alive);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) message.content_length(response.body.size());
  message.body() = std::move(response.body);
  exchange.answered = true;
  exchange.stream.expires_after(exchange.idle_limit);
  http::response_serializer<http::string_body> serializer(message);
  if (bodiless || exchange.request.method == http::verb::head) {
    co_await http::async_write_header(exchange.stream, serializer, asio::use_awaitable);
  } else {
    co_await http::async_write(exchange.stream, serializer, asio::use_awaitable);
  }
}

}  // namespace checkerlab::coordinator
