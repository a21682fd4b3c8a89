#include <algorithm>
#include <memory>
#include <set>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/api/guards.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/store/reply_rows.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kMostKey = 200;
constexpr std::chrono::milliseconds kKept = std::chrono::hours(24);

// Requests under way, by token and key. On the server's thread.
using UnderWay = std::set<std::string>;

class Claim {
 public:
  Claim(UnderWay& under_way, std::string what) : under_way_(under_way), what_(std::move(what)) {
    if (under_way_.insert(what_).second) return;
    throw Error(ErrorCode::conflict, "a request with this Idempotency-Key is being answered",
                "Wait for its answer, or send it again in a moment.");
  }
  ~Claim() { under_way_.erase(what_); }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

 private:
  UnderWay& under_way_;
  std::string what_;
};

std::string checked_key(const std::string& key) {
  const auto plain = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!key.empty() && key.size() <= kMostKey && std::all_of(key.begin(), key.end(), plain)) return key;
  throw Error(ErrorCode::invalid_argument, "an Idempotency-Key has 1 to 200 visible ASCII characters",
              "A random UUID serves well.");
}

std::string fingerprint(const Request& request) {
  Sha256 hash;
  hash.update(request.path);
  for (const auto& [name, value] : request.query)
    hash.update("\n" + name + "=" + value);
  hash.update("\n\n" + request.body);
  return hash.hex();
}

Response replay(const ReplyRow& kept, const std::string& asked) {
  if (kept.sha256 != asked) {
    throw Error(ErrorCode::invalid_data, "the Idempotency-Key '" + kept.key + "' was used for another request",
                "Use a new key for every new request.");
  }
  return {.status = static_cast<unsigned>(kept.status),
          .content_type = kept.content_type,
          .body = kept.body,
          .headers = {{"Cache-Control", "no-store"}, {"Idempotent-Replayed", "true"}}};
}

boost::asio::awaitable<Response> answer_once(const ApiContext& context, const Request& request, const Handler& inner,
                                             UnderWay& under_way) {
  ReplyRow reply{.token = request.identity.token,
                 .key = checked_key(request.header("Idempotency-Key")),
                 .sha256 = fingerprint(request)};
  const Claim claim(under_way, reply.token + " " + reply.key);
  const auto now = context.clock.utc().time_since_epoch().count();
  const auto kept = co_await blocking(context.pool, [&] {
    return context.store.read(
        [&](SQLite::Database& database) { return find_reply(database, reply.token, reply.key, now - kKept.count()); });
  });
  if (kept) co_return replay(*kept, reply.sha256);
  auto response = co_await inner(request);
  if (response.status >= 300) co_return response;
  reply.status = response.status;
  reply.content_type = response.content_type;
  reply.body = response.body;
  co_await blocking(context.pool, [&] {
    context.store.write_and_wait(
        [&](SQLite::Database& database) { save_reply(database, reply, now, now - kKept.count()); });
  });
  co_return response;
}

}  // namespace

Route repeatable(const ApiContext& context, Route route) {
  auto inner = std::get<Handler>(std::move(route.handler));
  Handler handler = [&context, inner = std::move(inner), under_way = std::make_shared<UnderWay>()](
                        const Request& request) -> boost::asio::awaitable<Response> {
    if (request.headers.find("Idempotency-Key") == request.headers.end()) co_return co_await inner(request);
    co_return co_await answer_once(context, request, inner, *under_way);
  };
  route.handler = std::move(handler);
  return route;
}

}  // namespace checkerlab::coordinator
