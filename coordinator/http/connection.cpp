#include "coordinator/http/connection.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include "coordinator/http/problems.hpp"
#include "coordinator/http/url.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::chrono::milliseconds kGoodbye{500};

std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.local_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

bool is_safe(http::verb method) {
  return method == http::verb::get || method == http::verb::head;
}

rpc::ApiError malformed(error_code error) {
  const bool large = error == http::error::header_limit;
  return http_error(large ? 431 : 400, large ? ErrorCode::too_large : ErrorCode::invalid_data,
                    "the request is no HTTP that is understood here: " + error.message(), "Use HTTP/1.1.");
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const ServerParts& parts, const ServerLimits& limits,
                       bool overloaded)
    : stream_(std::move(socket)),
      parts_(parts),
      limits_(limits),
      overloaded_(overloaded),
      local_address_(address_of(stream_.socket())) {}

void Connection::cancel() {
  signal_.emit(asio::cancellation_type::terminal);
  stream_.close();
}

asio::awaitable<void> Connection::run() {
  try {
    error_code ignored;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    while (!finishing_ && co_await serve_one()) {
    }
    co_await say_goodbye();
  } catch (const boost::system::system_error& error) {
    spdlog::debug("connection ended: {}", error.what());
  } catch (const std::exception& error) {
    spdlog::error("connection failed: {}", error.what());
  }
}

asio::awaitable<bool> Connection::serve_one() {
  HeaderParser header;
  header.header_limit(limits_.header_bytes);
  header.body_limit(boost::none);
  busy_ = false;
  stream_.expires_after(limits_.idle);
  error_code error;
  co_await http::async_read_header(stream_, buffer_, header, asio::redirect_error(asio::use_awaitable, error));
  busy_ = true;
  route_name_ = "none";
  status_ = 0;
  Exchange exchange{.stream = stream_, .buffer = buffer_, .header = header, .request = {}, .idle_limit = limits_.idle};
  if (error) {
    const bool understood = error.category() != http::make_error_code(http::error::end_of_stream).category() ||
                            error == http::error::end_of_stream || error == http::error::partial_message;
    if (!understood) co_await refuse(exchange, std::make_exception_ptr(malformed(error)));
    co_return false;
  }
  const auto begin = std::chrono::steady_clock::now();
  co_await answer(exchange);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  parts_.counters.count(route_name_, status_, took.count());
  co_return exchange.keep_alive && !overloaded_;
}

asio::awaitable<void> Connection::answer(Exchange& exchange) {
  std::exception_ptr failure;
  try {
    const Route& route = admit(exchange);
    if (const auto* stream = std::get_if<StreamHandler>(&route.handler)) {
      status_ = 200;
      co_await (*stream)(exchange);
    } else {
      co_await read_body(exchange, route.body_limit);
      auto response = co_await std::get<Handler>(route.handler)(exchange.request);
      status_ = response.status;
      co_await write_response(exchange, std::move(response));
    }
  } catch (const boost::system::system_error&) {
    throw;  // the socket is gone, or the server stops
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) co_await refuse(exchange, failure);
}

const Route& Connection::admit(Exchange& exchange) {
  const auto& head = exchange.header.get();
  Request& request = exchange.request;
  request.method = head.method();
  request.headers = head.base();
  exchange.client_keeps_alive = head.keep_alive();
  if (head.find(http::field::content_length) == head.end() && !head.chunked()) exchange.body_read = true;
  if (overloaded_) {
    throw Error(ErrorCode::unavailable,
                "the coordinator has " + std::to_string(limits_.connections) + " connections open",
                "Try again later, or close pages that are not needed.");
  }
  if (!parts_.origins.host_allowed(request.header("Host"), local_address_)) {
    throw http_error(421, ErrorCode::forbidden,
                     "the Host header '" + request.header("Host") + "' does not name this coordinator",
                     "Use the address that the coordinator listens on, or start it with --host-name NAME.");
  }
  const std::string text(head.target().data(), head.target().size());
  auto target = parse_target(text);
  request.path = text.substr(0, text.find('?'));
  auto match = parts_.router.match(request.method, target);
  route_name_ = match.route->pattern;
  request.parameters = std::move(match.parameters);
  request.identity = parts_.authenticator.identify(request.header("Authorization"), request.header("Cookie"));
  if (!request.identity.may(match.route->role)) {
    if (request.identity.credential != Credential::none) {
      throw Error(
          ErrorCode::forbidden,
          "a browser session may not do this (it needs the role " + std::string(to_string(match.route->role)) + ")",
          "Use the command line, which has the coordinator's token.");
    }
    throw Error(
        ErrorCode::unauthorized, "no valid token or session came with the request",
        "Send the token of the coordinator's data directory as 'Authorization: Bearer …', or open the link that "
        "'checkerlab web' prints.");
  }
  check_origin(request);
  check_query(*match.route, target.query);
  request.query = std::move(target.query);
  return *match.route;
}

void Connection::check_origin(const Request& request) const {
  if (is_safe(request.method)) return;
  const auto origin = request.header("Origin");
  const bool by_cookie = request.identity.credential == Credential::session_cookie;
  if (origin.empty() && !by_cookie) return;
  if (OriginRules::same_origin(origin, request.header("Host"))) return;
  throw Error(ErrorCode::forbidden, "the request comes from another site (Origin '" + origin + "')",
              "Use the coordinator's own page or the command line.");
}

asio::awaitable<void> Connection::read_body(Exchange& exchange, std::size_t limit) {
  if (exchange.body_read) co_return;
  const auto announced = exchange.header.content_length();
  if (announced && *announced > limit) {
    throw Error(ErrorCode::too_large, "the request's body has " + std::to_string(*announced) +
                                          " bytes, the limit here is " + std::to_string(limit));
  }
  co_await invite_body(exchange);
  http::request_parser<http::string_body> full(std::move(exchange.header));
  full.body_limit(limit);
  error_code error;
  stream_.expires_after(limits_.idle);
  co_await http::async_read(stream_, buffer_, full, asio::redirect_error(asio::use_awaitable, error));
  if (error == http::error::body_limit) {
    throw Error(ErrorCode::too_large,
                "the request's body is larger than the limit here, " + std::to_string(limit) + " bytes");
  }
  if (error) throw boost::system::system_error(error);
  exchange.request.body = std::move(full.get().body());
  exchange.body_read = true;
}

asio::awaitable<void> Connection::refuse(Exchange& exchange, std::exception_ptr error) {
  if (exchange.answered) {  // too late for another answer: the client sees a broken one
    exchange.keep_alive = false;
    stream_.close();
    co_return;
  }
  auto response = problem_response(problem_of(error));
  status_ = response.status;
  co_await write_response(exchange, std::move(response));
}

// Lets the client read the last answer before the connection is torn down, even when it still sends.
asio::awaitable<void> Connection::say_goodbye() {
  if (!stream_.socket().is_open()) co_return;
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(kGoodbye);
  while (!error) {
    buffer_.clear();
    co_await stream_.async_read_some(buffer_.prepare(64 << 10), asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace checkerlab::coordinator
