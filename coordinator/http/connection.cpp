#include "coordinator/http/connection.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include "coordinator/http/method_not_allowed.hpp"
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

// The methods that an address takes, when it was asked with another one.
std::string allow_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const MethodNotAllowed& known) {
    return known.allow();
  } catch (...) {
    return {};
  }
}

std::chrono::seconds rounded_up(std::chrono::milliseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(time);
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

std::string remote_address(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

Connection::Connection(asio::ip::tcp::socket socket, const ServerParts& parts, const ServerLimits& limits,
                       RequestRates& rates, std::string overload)
    : stream_(std::move(socket), parts.tls),
      parts_(parts),
      limits_(limits),
      rates_(rates),
      overload_(std::move(overload)),
      local_address_(address_of(stream_.socket())),
      remote_address_(remote_address(stream_.socket())) {}

void Connection::cancel() {
  signal_.emit(asio::cancellation_type::terminal);
  stream_.tcp().close();
}

asio::awaitable<void> Connection::run() {
  try {
    error_code ignored;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!co_await shake_hands()) co_return;
    while (!finishing_ && co_await serve_one()) {
    }
    co_await say_goodbye();
  } catch (const boost::system::system_error& error) {
    spdlog::debug("connection ended: {}", error.what());
  } catch (const std::exception& error) {
    spdlog::error("connection failed: {}", error.what());
  }
}

// An overloaded coordinator has no time for TLS: the connection just ends.
asio::awaitable<bool> Connection::shake_hands() {
  if (!stream_.encrypted()) co_return true;
  if (!overload_.empty()) co_return false;
  stream_.expires_after(limits_.header);
  error_code error;
  co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
  if (error) spdlog::debug("no TLS with {}: {}", remote_address_, error.message());
  co_return !error;
}

// Waits for a request to begin. A client may be silent between two requests for longer than inside one.
asio::awaitable<bool> Connection::first_bytes() {
  if (buffer_.size() > 0) co_return true;
  stream_.expires_after(limits_.idle);
  error_code error;
  const auto room = buffer_.prepare(4096);
  const auto count = co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  buffer_.commit(count);
  co_return !error;
}

asio::awaitable<bool> Connection::serve_one() {
  HeaderParser header;
  header.header_limit(limits_.header_bytes);
  header.body_limit(boost::none);
  busy_ = false;
  if (!co_await first_bytes()) co_return false;
  stream_.expires_after(limits_.header);
  error_code error;
  co_await http::async_read_header(stream_, buffer_, header, asio::redirect_error(asio::use_awaitable, error));
  busy_ = true;
  route_name_ = "none";
  status_ = 0;
  retry_after_ = {};
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
  co_return exchange.keep_alive&& overload_.empty();
}

asio::awaitable<void> Connection::answer(Exchange& exchange) {
  std::exception_ptr failure;
  try {
    const Route& route = admit(exchange);
    if (const auto* stream = std::get_if<StreamHandler>(&route.handler)) {
      status_ = 200;
      streaming_for_ = exchange.request.identity.token;
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
  streaming_for_.clear();
  if (failure) co_await refuse(exchange, failure);
}

const Route& Connection::admit(Exchange& exchange) {
  const auto& head = exchange.header.get();
  Request& request = exchange.request;
  request.method = head.method();
  request.headers = head.base();
  request.address = remote_address_;
  exchange.client_keeps_alive = head.keep_alive();
  if (head.find(http::field::content_length) == head.end() && !head.chunked()) exchange.body_read = true;
  if (!overload_.empty())
    throw Error(ErrorCode::unavailable, overload_, "Try again later, or close pages that are not needed.");
  check_rate(rates_.by_address, remote_address_, "your address");
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
  check_role(request, *match.route);
  const auto& token = request.identity.token;
  if (!token.empty() && token != kOwner) check_rate(rates_.by_token, token, "your token");
  check_origin(request);
  check_query(*match.route, target.query);
  request.query = std::move(target.query);
  return *match.route;
}

void Connection::check_rate(RateLimiter& limiter, const std::string& key, const std::string& whose) {
  retry_after_ = limiter.take(key, parts_.clock.steady());
  if (retry_after_.count() == 0) return;
  throw http_error(429, ErrorCode::unavailable, "too many requests came from " + whose,
                   "Wait " + std::to_string(rounded_up(retry_after_).count()) + " s (Retry-After).");
}

void Connection::check_role(const Request& request, const Route& route) const {
  if (request.identity.may(route.role) || (route.or_role && request.identity.may(*route.or_role))) return;
  if (request.identity.credential == Credential::none) {
    throw Error(
        ErrorCode::unauthorized, "no valid token or session came with the request",
        "Send the token of the coordinator's data directory as 'Authorization: Bearer …', or open the link that "
        "'checkerlab web' prints.");
  }
  if (parts_.on_refused) parts_.on_refused(request, route, 403);
  const auto needed = "this needs the role " + std::string(to_string(route.role)) + ", ";
  if (request.identity.credential == Credential::session_cookie) {
    throw Error(ErrorCode::forbidden, needed + "which this browser session does not have",
                "Use the command line with a token of that role.");
  }
  throw Error(ErrorCode::forbidden, needed + "this token has the role " + std::string(to_string(request.identity.role)),
              "Ask an admin for another: checkerlab token add --role " + std::string(to_string(route.role)));
}

void Connection::check_origin(const Request& request) const {
  if (is_safe(request.method)) return;
  const auto origin = request.header("Origin");
  const bool by_cookie = request.identity.credential == Credential::session_cookie;
  if (origin.empty() && !by_cookie) return;
  if (OriginRules::same_origin(origin, request.header("Host"), stream_.encrypted())) return;
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
  stream_.expires_after(limits_.body);
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
    stream_.tcp().close();
    co_return;
  }
  auto response = problem_response(problem_of(error));
  if (response.status == 405) response.headers.emplace_back("Allow", allow_of(error));
  if (response.status == 429)
    response.headers.emplace_back("Retry-After", std::to_string(rounded_up(retry_after_).count()));
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
