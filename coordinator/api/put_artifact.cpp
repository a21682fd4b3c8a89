// PUT /api/v1/artifacts/{sha256}: streamed to a temporary file, hashed, synced, renamed. Idempotent.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <memory>

#include "base/error.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t kChunk = 1 << 20;
constexpr std::uint64_t kMostBytes = 64ULL << 30;

using Parser = http::request_parser<http::buffer_body>;

std::uint64_t announced_bytes(Exchange& exchange) {
  const auto bytes = exchange.header.content_length();
  if (!bytes) {
    throw http_error(411, ErrorCode::invalid_argument, "the length of the artifact was not announced",
                     "Send Content-Length.");
  }
  if (*bytes > kMostBytes) {
    throw Error(ErrorCode::too_large,
                "an artifact of " + std::to_string(*bytes) + " bytes; the limit is " + std::to_string(kMostBytes));
  }
  return *bytes;
}

// Fills `chunk` unless the body ends before; answers how much of it is filled.
asio::awaitable<std::size_t> read_chunk(Exchange& exchange, Parser& parser, std::string& chunk) {
  auto& body = parser.get().body();
  body.data = chunk.data();
  body.size = chunk.size();
  exchange.stream.expires_after(exchange.idle_limit);  // for the whole chunk: a byte now and then is not enough
  while (body.size > 0 && !parser.is_done()) {
    boost::system::error_code error;
    co_await http::async_read_some(exchange.stream, exchange.buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, error));
    if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
  }
  co_return chunk.size() - body.size;
}

Response stored(const std::string& sha256, std::uint64_t bytes, unsigned status) {
  return json_response({{"sha256", sha256}, {"bytes", bytes}}, status);
}

// A worker stores what its attempts make, and nothing when it has none.
void require_work(const ApiContext& context, const Identity& identity) {
  if (!context.coordinator.held_jobs(identity.token).empty()) return;
  throw Error(ErrorCode::conflict, "no worker with this token holds an attempt, so there is nothing it could store",
              "An artifact is sent while the attempt that made it is held.");
}

asio::awaitable<void> receive_artifact(const ApiContext& context, Exchange& exchange) {
  const auto sha256 = exchange.request.parameter("sha256");
  const auto bytes = announced_bytes(exchange);
  if (exchange.request.identity.role == Role::worker) require_work(context, exchange.request.identity);
  const bool known = co_await blocking(context.pool, [&] { return context.artifacts.exists(sha256); });
  if (known) co_return co_await write_response(exchange, stored(sha256, bytes, 200));
  const auto incoming = co_await blocking(context.pool, [&] { return context.artifacts.receive(sha256, bytes); });
  co_await invite_body(exchange);
  Parser parser(std::move(exchange.header));
  parser.body_limit(kMostBytes);
  std::string chunk(kChunk, '\0');
  while (!parser.is_done()) {
    const auto count = co_await read_chunk(exchange, parser, chunk);
    co_await blocking(context.pool, [&] { incoming->write({chunk.data(), count}); });
  }
  exchange.body_read = true;
  co_await blocking(context.pool, [&] { incoming->commit(); });
  co_await write_response(exchange, stored(sha256, bytes, 201));
}

}  // namespace

Route put_artifact_route(const ApiContext& context) {
  StreamHandler handler = [&context](Exchange& exchange) { return receive_artifact(context, exchange); };
  return {.method = http::verb::put,
          .pattern = "/api/v1/artifacts/{sha256}",
          .role = Role::worker,
          .query = {{.name = "name"}},
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
