// GET /api/v1/events: server-sent events with resume by Last-Event-ID.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>

#include "base/error.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/http/headers.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::chrono::seconds kKeepAlive{15};
constexpr std::size_t kQueueLimit = 4096;
constexpr std::int64_t kPage = 1000;
// All streams together are written to at most 4,000 times a second, however many there are.
constexpr std::chrono::microseconds kRestForEachStream{250};

std::optional<std::uint64_t> last_event_id(const Request& request) {
  const auto text = request.header("Last-Event-ID");
  if (text.empty()) return std::nullopt;
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc{} && end == text.data() + text.size()) return id;
  throw Error(ErrorCode::invalid_argument, "Last-Event-ID '" + text + "' is no number",
              "Send the id of the last event received.");
}

class Stream {
 public:
  Stream(const ApiContext& context, Exchange& exchange, std::string study)
      : context_(context),
        exchange_(exchange),
        study_(std::move(study)),
        subscription_(context.events, exchange.stream.get_executor(), study_, kQueueLimit) {}

  asio::awaitable<void> run(std::optional<std::uint64_t> after) {
    co_await write_head();
    co_await write("retry: 1000\n\n");
    if (after) {
      sent_ = *after;
      co_await catch_up();
    } else {
      co_await announce_position();
    }
    while (!subscription_.overflowed()) {
      if (subscription_.empty()) co_await wait();
      co_await write_queued();
      co_await rest();
    }
  }

 private:
  asio::awaitable<void> write_head() {
    http::response<http::empty_body> head(http::status::ok, 11);
    head.set(http::field::content_type, "text/event-stream");
    head.set(http::field::cache_control, "no-store");
    head.chunked(true);
    head.keep_alive(false);
    set_common_headers(head);
    exchange_.answered = true;
    http::response_serializer<http::empty_body> serializer(head);
    co_await http::async_write_header(exchange_.stream, serializer, asio::use_awaitable);
  }

  asio::awaitable<void> write(std::string text) {
    exchange_.stream.expires_after(exchange_.idle_limit);
    co_await asio::async_write(exchange_.stream, http::make_chunk(asio::buffer(text)), asio::use_awaitable);
  }

  // An id without data: a client that has seen no event yet knows where to resume.
  asio::awaitable<void> announce_position() {
    sent_ = co_await blocking(context_.pool, [&] { return context_.reads.last_event_id(); });
    co_await write("id: " + std::to_string(sent_) + "\n\n");
  }

  // What happened since `sent_`, from the database. Live events queue up meanwhile.
  asio::awaitable<void> catch_up() {
    while (true) {
      const auto page =
          co_await blocking(context_.pool, [&] { return context_.reads.events_after(sent_, study_, kPage); });
      if (!page.complete) {
        co_await announce_position();
        co_await write("event: reset\ndata: {\"type\":\"reset\"}\n\n");
        co_return;
      }
      std::string text;
      for (const auto& event : page.events) {
        text += event_stream_text(event);
        sent_ = event.id;
      }
      if (!text.empty()) co_await write(std::move(text));
      if (page.events.size() < static_cast<std::size_t>(kPage)) co_return;
    }
  }

  asio::awaitable<void> write_queued() {
    std::string text;
    while (!subscription_.empty()) {
      const auto event = subscription_.pop();
      if (event->id <= sent_) continue;
      sent_ = event->id;
      text += event->text;
    }
    if (!text.empty()) co_await write(std::move(text));
  }

  // The first event after a while leaves at once; those that follow it gather for as long as many streams ask for.
  asio::awaitable<void> rest() {
    asio::steady_timer timer(exchange_.stream.get_executor(), kRestForEachStream * context_.events.subscribers());
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<void> wait() {
    boost::system::error_code woken;
    subscription_.arrival().expires_after(kKeepAlive);
    co_await subscription_.arrival().async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!woken) co_await write(": still here\n\n");
  }

  const ApiContext& context_;
  Exchange& exchange_;
  const std::string study_;
  EventHub::Subscription subscription_;
  std::uint64_t sent_ = 0;
};

asio::awaitable<void> stream_events(const ApiContext& context, Exchange& exchange) {
  const auto after = last_event_id(exchange.request);
  if (context.events.subscribers() >= context.most_event_streams) {
    throw Error(ErrorCode::unavailable,
                std::to_string(context.most_event_streams) + " event streams are open, which is the limit",
                "Close pages that are not needed, or start the coordinator with more --max-event-streams.");
  }
  auto study = exchange.request.query_text("study");
  if (!study.empty()) {
    const auto found = co_await blocking(context.pool, [&] { return context.reads.study(study); });
    study = found.at("id").get<std::string>();
  }
  Stream stream(context, exchange, std::move(study));
  co_await stream.run(after);
}

}  // namespace

Route events_route(const ApiContext& context) {
  StreamHandler handler = [&context](Exchange& exchange) { return stream_events(context, exchange); };
  return {.pattern = "/api/v1/events", .role = Role::read, .query = {{.name = "study"}}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
