// GET and HEAD /api/v1/artifacts/{sha256}: whole or one range, cached for ever because an artifact never changes.
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>

#include "base/error.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/send_file.hpp"
#include "coordinator/artifacts/content_type.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/http/headers.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

struct Answer {
  http::status status = http::status::ok;
  ByteRange bytes;
  std::uint64_t size = 0;
  std::string etag;
};

Answer choose(const Request& request, const std::string& sha256, std::uint64_t size) {
  Answer answer{.bytes = {0, size}, .size = size, .etag = "\"" + sha256 + "\""};
  if (request.header("If-None-Match") == answer.etag) answer.status = http::status::not_modified;
  const auto condition = request.header("If-Range");
  if (answer.status != http::status::ok || (!condition.empty() && condition != answer.etag)) return answer;
  const auto asked = parse_range(request.header("Range"), size);
  if (asked.unsatisfiable) answer.status = http::status::range_not_satisfiable;
  if (asked.range) answer.status = http::status::partial_content, answer.bytes = *asked.range;
  return answer;
}

http::response<http::empty_body> head_of(const Answer& answer, const Exchange& exchange) {
  http::response<http::empty_body> head(answer.status, 11);
  head.set(http::field::etag, answer.etag);
  head.set(http::field::accept_ranges, "bytes");
  head.set(http::field::cache_control, "private, max-age=31536000, immutable");
  head.set(http::field::content_type, content_type_of(exchange.request.query_text("name")));
  head.set("Content-Security-Policy", "sandbox; default-src 'none'");  // an artifact is data, never a page
  if (answer.status == http::status::partial_content) {
    head.set(http::field::content_range, "bytes " + std::to_string(answer.bytes.begin) + "-" +
                                             std::to_string(answer.bytes.end - 1) + "/" + std::to_string(answer.size));
  }
  if (answer.status != http::status::not_modified) head.content_length(answer.bytes.end - answer.bytes.begin);
  head.keep_alive(exchange.keep_alive);
  set_common_headers(head);
  return head;
}

// A worker reads what its attempts need; of anything else it does not even learn whether it is here.
asio::awaitable<bool> may_read(const ApiContext& context, const Identity& identity, const std::string& sha256) {
  if (identity.role != Role::worker) co_return true;
  const auto jobs = context.coordinator.held_jobs(identity.token);
  co_return co_await blocking(context.pool, [&] { return context.reads.is_needed_by(jobs, sha256); });
}

asio::awaitable<void> send_artifact(const ApiContext& context, Exchange& exchange) {
  const auto sha256 = exchange.request.parameter("sha256");
  const bool allowed = co_await may_read(context, exchange.request.identity, sha256);
  const auto size = co_await blocking(context.pool, [&] { return context.artifacts.size(sha256); });
  if (!size || !allowed) {
    throw Error(ErrorCode::not_found, "artifact " + sha256 + " is not stored here",
                "The job that makes it has not finished, or its worker has not sent it yet.");
  }
  const auto answer = choose(exchange.request, sha256, *size);
  if (answer.status == http::status::range_not_satisfiable) {
    auto refusal = problem_response(
        http_error(416, ErrorCode::invalid_argument,
                   "the range '" + exchange.request.header("Range") + "' lies outside of artifact " + sha256,
                   "It has " + std::to_string(*size) + " bytes.")
            .problem());
    refusal.headers.emplace_back("Content-Range", "bytes */" + std::to_string(*size));
    co_return co_await write_response(exchange, std::move(refusal));
  }
  const OpenFile file(context.artifacts.path(sha256));
  exchange.keep_alive = exchange.body_read && exchange.client_keeps_alive;
  auto head = head_of(answer, exchange);
  http::response_serializer<http::empty_body> serializer(head);
  exchange.answered = true;
  exchange.stream.expires_after(exchange.idle_limit);
  co_await http::async_write_header(exchange.stream, serializer, asio::use_awaitable);
  if (exchange.request.method == http::verb::head || answer.status == http::status::not_modified) co_return;
  co_await send_bytes(context, exchange, file, answer.bytes);
}

}  // namespace

Route get_artifact_route(const ApiContext& context) {
  StreamHandler handler = [&context](Exchange& exchange) { return send_artifact(context, exchange); };
  return {.pattern = "/api/v1/artifacts/{sha256}",
          .role = Role::read,
          .or_role = Role::worker,
          .query = {{.name = "name"}},
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
