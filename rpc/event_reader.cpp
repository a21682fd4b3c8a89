// Server-sent events: reads, reconnects, resumes.
#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "rpc/event_parser.hpp"
#include "rpc/http_client_impl.hpp"

namespace checkerlab::rpc {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2'000};
constexpr std::chrono::milliseconds kSilence{45'000};  // the coordinator sends a comment every 15 s

class EventReader {
 public:
  EventReader(const Endpoint& endpoint, HttpOptions http, std::string target, const EventOptions& options)
      : http_(std::move(http)),
        options_(options),
        connection_(endpoint, with_silence(http_), options.stop),
        target_(std::move(target)),
        last_id_(options.last_event_id) {}

  // True when a connection was made and then lost; false when the handler had enough.
  bool read_until_broken(const std::function<bool(const ServerEvent&)>& handler) {
    HttpRequest request{
        .method = Method::kGet, .target = target_, .body = {}, .content_type = {}, .headers = {}, .file = {}};
    request.headers["Accept"] = "text/event-stream";
    if (last_id_) request.headers["Last-Event-ID"] = *last_id_;
    const auto head = connection_.start(request);
    if (head.status >= 400) refuse(head.status);
    connected_at_ = SteadyClock::now();
    EventParser parser;
    std::string chunk(64 << 10, '\0');
    while (const auto count = connection_.read_body(chunk)) {
      const auto remember = [&](const ServerEvent& event) {
        if (!event.id.empty()) last_id_ = event.id;
        return handler(event);
      };
      if (!parser.feed({chunk.data(), count}, remember)) return false;
    }
    return true;
  }

  void read(const std::function<bool(const ServerEvent&)>& handler) {
    auto pause = kFirstPause;
    while (!options_.stop.stop_requested()) {
      const auto before = connected_at_;
      try {
        if (!read_until_broken(handler)) return;
      } catch (const TransportError&) {
        if (SteadyClock::now() - connected_at_ > options_.give_up_after) throw;
      } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled && options_.stop.stop_requested()) return;
        throw;
      }
      pause = before == connected_at_ ? std::min(pause * 2, kLongestPause) : kFirstPause;
      wait(pause);
    }
  }

 private:
  static HttpOptions with_silence(HttpOptions options) {
    options.idle_timeout = kSilence;
    return options;
  }

  [[noreturn]] void refuse(int status) {
    std::string body;
    std::string chunk(64 << 10, '\0');
    while (const auto count = connection_.read_body(chunk))
      body.append(chunk.data(), count);
    throw ApiError(parse_problem(status, body));
  }

  void wait(std::chrono::milliseconds pause) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    const std::stop_callback wake(http_.stop, [&] {
      const std::lock_guard guard(mutex);
      changed.notify_all();
    });
    changed.wait_for(lock, options_.stop, pause, [&] { return http_.stop.stop_requested(); });
  }

  const HttpOptions http_;
  const EventOptions& options_;
  HttpConnection connection_;
  const std::string target_;
  std::optional<std::string> last_id_;
  SteadyClock::time_point connected_at_ = SteadyClock::now();
};

}  // namespace

void HttpClient::read_events(std::string_view target, const std::function<bool(const ServerEvent&)>& handler,
                             const EventOptions& options) {
  EventReader(impl_->endpoint, impl_->options, std::string(target), options).read(handler);
}

}  // namespace checkerlab::rpc
