// GET /api/v1/snapshot: the results database in one consistent state, as a SQLite file without what is secret.
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>

#include "coordinator/api/at_most.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/send_file.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/http/headers.hpp"
#include "coordinator/store/public_copy.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// The copy on this machine; goes when it was sent.
class Copy {
 public:
  explicit Copy(std::filesystem::path path) : path_(std::move(path)) {}
  ~Copy() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

asio::awaitable<void> send_snapshot(const ApiContext& context, Exchange& exchange, std::shared_ptr<int> open) {
  const AtMost slot(std::move(open), 1, "snapshots");
  const Copy copy(context.artifacts.temporary("snapshot"));
  const auto bytes = co_await blocking(context.pool, [&] {
    write_public_copy(context.store.file(), copy.path(), context.stopping);
    return std::filesystem::file_size(copy.path());
  });
  const OpenFile file(copy.path());
  exchange.keep_alive = exchange.body_read && exchange.client_keeps_alive;
  http::response<http::empty_body> head(http::status::ok, 11);
  head.set(http::field::content_type, "application/vnd.sqlite3");
  head.set(http::field::cache_control, "no-store");
  head.set(http::field::content_disposition, "attachment; filename=\"checkerlab.db\"");
  head.content_length(bytes);
  head.keep_alive(exchange.keep_alive);
  set_common_headers(head);
  exchange.answered = true;
  exchange.stream.expires_after(exchange.idle_limit);
  http::response_serializer<http::empty_body> serializer(head);
  co_await http::async_write_header(exchange.stream, serializer, asio::use_awaitable);
  if (exchange.request.method != http::verb::head) co_await send_bytes(context, exchange, file, {0, bytes});
}

}  // namespace

Route snapshot_route(const ApiContext& context) {
  StreamHandler handler = [&context, open = std::make_shared<int>(0)](Exchange& exchange) {
    return send_snapshot(context, exchange, open);
  };
  return {.pattern = "/api/v1/snapshot", .role = Role::read, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
