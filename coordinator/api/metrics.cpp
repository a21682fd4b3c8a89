// GET /metrics: the Prometheus text format, version 0.0.4. Names follow Prometheus' conventions: base units, counters
// end in _total. What is counted begins anew with the process. docs/operations.md explains each.
#include <array>
#include <filesystem>

#include "base/version.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/metrics/exposition.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::array<const char*, 7> kAttemptEnds{"succeeded", "failed",    "crashed",  "lost",
                                                  "preempted", "cancelled", "timed_out"};

// Read on the pool.
struct Slow {
  Json loads;
  std::uint64_t database_bytes = 0;
  std::uint64_t log_bytes = 0;
  std::uint64_t free_bytes = 0;
};

std::uint64_t bytes_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0 : bytes;
}

Slow read_slow(const ApiContext& context) {
  return {.loads = context.reads.worker_loads(),
          .database_bytes = bytes_of(context.store.file()),
          .log_bytes = bytes_of(context.store.file().string() + "-wal"),
          .free_bytes = context.artifacts.free_bytes()};
}

void add_process(Exposition& text, const ApiContext& context) {
  text.family("checkerlab_build_info", "gauge", "The coordinator's version; always 1.");
  text.sample(1, {{"version", version_string()}});
  text.family("checkerlab_start_time_seconds", "gauge", "When the coordinator started, in seconds since 1970.");
  text.sample(static_cast<double>(context.started_at.time_since_epoch().count()) / 1'000);
}

void add_queue(Exposition& text, const std::vector<Coordinator::KindCensus>& census) {
  text.family("checkerlab_jobs", "gauge", "Jobs by kind and state.");
  for (const auto& kind : census) {
    for (const auto& [state, count] : kind.by_state)
      text.sample(count, {{"kind", kind.kind}, {"state", state}});
  }
  text.family("checkerlab_jobs_waiting", "gauge",
              "Jobs that wait, by kind and reason: inputs, failed_input, retry, paused, stopping, no_worker, "
              "workers_busy, next.");
  for (const auto& kind : census) {
    for (const auto& [reason, count] : kind.by_reason)
      text.sample(count, {{"kind", kind.kind}, {"reason", reason}});
  }
}

void add_gauges(Exposition& text, const Coordinator::Gauges& gauges) {
  text.family("checkerlab_jobs_ready", "gauge", "Jobs that could run and wait for a worker.");
  text.sample(gauges.jobs_ready);
  text.family("checkerlab_attempts_running", "gauge", "Attempts that run on workers.");
  text.sample(gauges.attempts_running);
  text.family("checkerlab_workers_online", "gauge", "Workers that are connected.");
  text.sample(gauges.workers_online);
}

void add_attempts(Exposition& text, const ServiceMetrics& metrics) {
  text.family("checkerlab_queue_wait_seconds", "histogram", "From when a job could run until it was assigned.");
  text.sample(metrics.queue_seconds);
  text.family(
      "checkerlab_dispatch_seconds", "histogram",
      "From when an attempt was assigned until its worker said that it had begun; inputs are fetched meanwhile.");
  text.sample(metrics.dispatch_seconds);
  text.family("checkerlab_attempts_total", "counter", "Attempts that ended, by outcome.");
  for (std::size_t i = 0; i < kAttemptEnds.size(); ++i)
    text.sample(metrics.attempts[i].load(), {{"outcome", kAttemptEnds[i]}});
  text.family("checkerlab_lease_losses_total", "counter", "Attempts that were lost: no sign of life within the lease.");
  text.sample(metrics.attempts[3].load());
  text.family("checkerlab_results_refused_total", "counter", "Results that came from attempts that no longer count.");
  text.sample(metrics.results_refused.load());
}

void add_store(Exposition& text, const StoreMetrics& metrics, const Slow& slow) {
  text.family("checkerlab_store_commit_seconds", "histogram", "From a transaction's beginning until it is on disk.");
  text.sample(metrics.commit_seconds);
  text.family("checkerlab_store_commit_changes", "histogram", "Changes that shared one transaction.");
  text.sample(metrics.commit_changes);
  text.family("checkerlab_store_failed_commits_total", "counter", "Transactions that the disk or SQLite refused.");
  text.sample(metrics.failed_commits.load());
  text.family("checkerlab_database_bytes", "gauge", "Size of the database file.");
  text.sample(slow.database_bytes);
  text.family("checkerlab_database_log_bytes", "gauge", "Size of the database's write-ahead log.");
  text.sample(slow.log_bytes);
  text.family("checkerlab_disk_free_bytes", "gauge", "Free space where artifacts are kept.");
  text.sample(slow.free_bytes);
}

void add_devices(Exposition& text, const Json& loads, const char* name, const char* help, const char* field) {
  text.family(name, "gauge", help);
  for (const Json& worker : loads) {
    for (const Json& device : worker.at("devices")) {
      const std::string index = std::to_string(device.at("index").get<int>());
      const Exposition::Labels labels{{"worker", worker.at("name").get_ref<const std::string&>()},
                                      {"worker_id", worker.at("id").get_ref<const std::string&>()},
                                      {"gpu", index}};
      text.sample(device.at(field).get<double>(), labels);
    }
  }
}

void add_workers(Exposition& text, const Json& loads) {
  add_devices(text, loads, "checkerlab_worker_gpu_busy_ratio", "Share of the time in which the GPU computes, 0 to 1.",
              "busy");
  add_devices(text, loads, "checkerlab_worker_gpu_memory_used_bytes", "Memory of the GPU that is in use.",
              "memory_used_bytes");
  add_devices(text, loads, "checkerlab_worker_gpu_memory_bytes", "Memory of the GPU.", "memory_bytes");
}

void add_events(Exposition& text, const EventHub& events) {
  text.family("checkerlab_event_streams", "gauge", "Open event streams: pages and followers.");
  text.sample(events.subscribers());
  text.family("checkerlab_events_total", "counter", "Events that were told.");
  text.sample(events.published());
  text.family("checkerlab_event_stream_overflows_total", "counter", "Event streams that ended for not keeping up.");
  text.sample(events.overflows());
}

void add_requests(Exposition& text, const RequestCounters& counters) {
  text.family("checkerlab_http_requests_total", "counter", "Requests answered, by route and status.");
  for (const auto& [what, count] : counters.counts())
    text.sample(count, {{"route", what.first}, {"status", std::to_string(what.second)}});
  text.family("checkerlab_http_request_seconds", "histogram",
              "From a request's head until its answer was written, by route; of streams, their whole life.");
  for (const auto& [route, histogram] : counters.durations())
    text.sample(histogram, {{"route", route}});
}

}  // namespace

Route metrics_route(const ApiContext& context) {
  Handler handler = [&context](const Request&) -> boost::asio::awaitable<Response> {
    const Slow slow = co_await blocking(context.pool, [&] { return read_slow(context); });
    Exposition text;
    add_process(text, context);
    add_queue(text, context.coordinator.census());
    add_gauges(text, context.coordinator.gauges());
    add_attempts(text, context.coordinator.metrics());
    add_store(text, context.store.metrics(), slow);
    add_workers(text, slow.loads);
    add_events(text, context.events);
    add_requests(text, context.counters);
    co_return Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = text.take(), .headers = {}};
  };
  return {.pattern = "/metrics", .role = Role::read, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
