// GET /metrics: the Prometheus text format, version 0.0.4.
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {
namespace {

class MetricsText {
 public:
  void family(const std::string& name, const std::string& type, const std::string& help) {
    name_ = name;
    text_ += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }
  void sample(std::uint64_t value, const std::string& labels = {}) {
    text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + std::to_string(value) + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

void add_requests(MetricsText& text, const RequestCounters& counters) {
  text.family("checkerlab_http_requests_total", "counter", "Requests answered, by route and status.");
  for (const auto& [what, count] : counters.counts()) {
    text.sample(count, "route=\"" + what.first + "\",status=\"" + std::to_string(what.second) + "\"");
  }
}

void add_gauges(MetricsText& text, const Coordinator::Gauges& gauges, std::size_t watchers) {
  text.family("checkerlab_jobs_ready", "gauge", "Jobs that wait for a worker.");
  text.sample(gauges.jobs_ready);
  text.family("checkerlab_attempts_running", "gauge", "Attempts that run on workers.");
  text.sample(gauges.attempts_running);
  text.family("checkerlab_workers_online", "gauge", "Workers that are connected.");
  text.sample(gauges.workers_online);
  text.family("checkerlab_event_streams", "gauge", "Open event streams.");
  text.sample(watchers);
}

void add_jobs(MetricsText& text, const std::map<std::string, std::int64_t>& jobs) {
  text.family("checkerlab_jobs", "gauge", "Jobs by state.");
  for (const auto& [state, count] : jobs)
    text.sample(static_cast<std::uint64_t>(count), "state=\"" + state + "\"");
}

}  // namespace

Route metrics_route(const ApiContext& context) {
  Handler handler = [&context](const Request&) -> boost::asio::awaitable<Response> {
    const auto jobs = co_await blocking(context.pool, [&] { return context.reads.jobs_by_state(); });
    MetricsText text;
    add_jobs(text, jobs);
    add_gauges(text, context.coordinator.gauges(), context.events.subscribers());
    add_requests(text, context.counters);
    co_return Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = text.take(), .headers = {}};
  };
  return {.pattern = "/metrics", .role = Role::read, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
