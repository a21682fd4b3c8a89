#include "rpc/http_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "base/version.hpp"
#include "rpc/tls.hpp"

namespace checkerlab::rpc {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

http::verb verb_of(Method method) {
  switch (method) {
    case Method::kGet:
      return http::verb::get;
    case Method::kHead:
      return http::verb::head;
    case Method::kPost:
      return http::verb::post;
    case Method::kPut:
      return http::verb::put;
    case Method::kDelete:
      return http::verb::delete_;
  }
  return http::verb::get;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

}  // namespace

HttpConnection::HttpConnection(const Endpoint& endpoint, HttpOptions options, std::stop_token also_stop)
    : endpoint_(endpoint),
      options_(std::move(options)),
      also_stop_(std::move(also_stop)),
      context_(1),
      resolver_(context_),
      stream_(context_, client_tls(endpoint)) {}

bool HttpConnection::stop_requested() const {
  return options_.stop.stop_requested() || also_stop_.stop_requested();
}

void HttpConnection::close() {
  resolver_.cancel();
  stream_.close();
  buffer_.clear();
  parser_.reset();
  connected_ = false;
}

void HttpConnection::fail(const std::string& doing, error_code error) {
  close();
  const std::string where = doing + " " + endpoint_.url();
  if (stop_requested()) throw Error(ErrorCode::cancelled, where + ": cancelled");
  if (error == beast::error::timeout) throw TransportError(ErrorCode::timeout, where + ": no answer in time");
  throw TransportError(ErrorCode::unavailable, where + ": " + error.message(),
                       "Check that the coordinator runs and that the address is right.");
}

std::size_t HttpConnection::wait(const std::string& doing, std::chrono::milliseconds limit,
                                 const std::function<void(Done)>& begin) {
  if (stop_requested()) fail(doing, asio::error::operation_aborted);
  error_code error;
  std::size_t bytes = 0;
  const auto on_stop = [this] { asio::post(context_, [this] { resolver_.cancel(), stream_.close(); }); };
  const std::stop_callback stop_own(options_.stop, on_stop);
  const std::stop_callback stop_also(also_stop_, on_stop);
  stream_.expires_after(limit);
  begin([&](error_code result, std::size_t count) { error = result, bytes = count; });
  context_.restart();
  context_.run();
  if (error && error != http::error::need_buffer) fail(doing, error);
  return bytes;
}

bool HttpConnection::peer_has_closed() {
  char byte = 0;
  const auto count = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void HttpConnection::ensure_connected() {
  const bool answer_unread = parser_ && (!parser_->is_done() || !parser_->keep_alive());
  if (connected_ && (answer_unread || peer_has_closed())) close();
  parser_.reset();
  if (connected_) return;
  asio::ip::tcp::resolver::results_type addresses;
  wait("resolve", options_.connect_timeout, [&](const Done& done) {
    resolver_.async_resolve(endpoint_.host, std::to_string(endpoint_.port), [&, done](error_code error, auto results) {
      addresses = std::move(results);
      done(error, 0);
    });
  });
  wait("connect to", options_.connect_timeout, [&](const Done& done) {
    stream_.tcp().async_connect(addresses, [done](error_code error, const auto&) { done(error, 0); });
  });
  stream_.socket().set_option(asio::ip::tcp::no_delay(true));
  if (stream_.encrypted()) {
    expect_server(stream_, endpoint_);
    wait("agree on TLS with", options_.connect_timeout, [&](const Done& done) {
      stream_.async_handshake(asio::ssl::stream_base::client, [done](error_code error) { done(error, 0); });
    });
  }
  connected_ = true;
  answers_ = 0;
}

template <class Body>
void HttpConnection::send_message(http::request<Body>& message, const HttpRequest& request) {
  message.set(http::field::host, endpoint_.authority());
  message.set(http::field::user_agent, "checkerlab/" + version_string());
  if (!endpoint_.token.empty()) message.set(http::field::authorization, "Bearer " + endpoint_.token);
  if (!request.content_type.empty()) message.set(http::field::content_type, request.content_type);
  for (const auto& [name, value] : request.headers)
    message.set(name, value);
  message.prepare_payload();
  http::request_serializer<Body> serializer(message);
  while (!serializer.is_done()) {
    wait("send to", options_.idle_timeout,
         [&](Done done) { http::async_write_some(stream_, serializer, std::move(done)); });
  }
}

void HttpConnection::send(const HttpRequest& request) {
  if (request.file.empty()) {
    http::request<http::string_body> message(verb_of(request.method), request.target, 11, request.body);
    send_message(message, request);
    return;
  }
  http::request<http::file_body> message(verb_of(request.method), request.target, 11);
  error_code error;
  message.body().open(request.file.c_str(), beast::file_mode::scan, error);
  if (error) throw errno_error(error.value(), "read " + request.file.string());
  send_message(message, request);
}

HttpHead HttpConnection::head() const {
  const auto& message = parser_->get();
  HttpHead result{.status = static_cast<int>(message.result_int()), .headers = {}};
  for (const auto& field : message) {
    const auto name = field.name_string();
    const auto value = field.value();
    result.headers.emplace(lower({name.data(), name.size()}), std::string(value.data(), value.size()));
  }
  return result;
}

HttpHead HttpConnection::send_and_read_head(const HttpRequest& request) {
  send(request);
  parser_.emplace();
  parser_->body_limit(boost::none);
  parser_->skip(request.method == Method::kHead);
  wait("wait for an answer of", options_.idle_timeout,
       [&](Done done) { http::async_read_header(stream_, buffer_, *parser_, std::move(done)); });
  ++answers_;
  return head();
}

HttpHead HttpConnection::start(const HttpRequest& request) {
  ensure_connected();
  const bool reused = answers_ > 0;
  try {
    return send_and_read_head(request);
  } catch (const TransportError&) {
    if (!reused || request.method == Method::kPost) throw;
  }
  ensure_connected();
  return send_and_read_head(request);
}

std::size_t HttpConnection::read_body(std::span<char> into) {
  if (!parser_) fail("read from", asio::error::not_connected);
  std::size_t got = 0;
  while (got == 0 && !parser_->is_done()) {
    parser_->get().body().data = into.data();
    parser_->get().body().size = into.size();
    parser_->get().body().more = true;
    wait("read from", options_.idle_timeout,
         [&](Done done) { http::async_read_some(stream_, buffer_, *parser_, std::move(done)); });
    got = into.size() - parser_->get().body().size;
  }
  return got;
}

HttpResponse HttpConnection::exchange(const HttpRequest& request) {
  auto answer = start(request);
  HttpResponse response{.status = answer.status, .headers = std::move(answer.headers), .body = {}};
  std::string chunk(64 << 10, '\0');
  while (const auto count = read_body(chunk)) {
    if (response.body.size() + count > options_.max_response_bytes) {
      close();
      throw Error(ErrorCode::too_large, "the answer of " + endpoint_.url() + request.target + " is larger than " +
                                            std::to_string(options_.max_response_bytes) + " bytes");
    }
    response.body.append(chunk.data(), count);
  }
  return response;
}

}  // namespace checkerlab::rpc
