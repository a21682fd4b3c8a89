#include <fmt/format.h>

#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "bench/coordinator/lab.hpp"
#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"

namespace checkerlab::bench {
namespace {

using namespace std::chrono_literals;

// When it was first told of each study that its job had started at the worker, by id. One thread writes.
class Starts {
 public:
  void add(const std::string& study) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    seen_.try_emplace(study, now);
  }
  std::map<std::string, Clock::time_point> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seen_, {});
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> seen_;
};

// Sends at fixed times whatever the answers do (open loop), so that a slow answer cannot hide the next ones' wait: the
// time counts from when the request was due.
std::vector<double> latencies_ms(const Setting& setting, int count) {
  constexpr auto kEvery = 20ms;
  Lab lab(setting.bin);
  lab.start_worker(2, 16);
  Starts starts;
  std::stop_source stop;
  std::promise<void> listening;
  std::thread listener([&] {
    auto events = lab.client();
    bool first = true;
    events.read_events("/api/v1/events",
                       [&](const rpc::ServerEvent& event) {
                         if (std::exchange(first, false)) listening.set_value();
                         if (event.type != "job") return true;
                         const auto job = rpc::Json::parse(event.data).at("job");
                         if (!job.at("started_at").is_null()) starts.add(job.at("studies").at(0).get<std::string>());
                         return true;
                       },
                       {.last_event_id = "0", .stop = stop.get_token()});
  });
  listening.get_future().wait();
  auto client = lab.client();
  std::map<std::string, Clock::time_point> due;
  const auto begin = Clock::now() + kEvery;
  for (int i = 0; i < count; ++i) {
    const auto at = begin + i * kEvery;
    std::this_thread::sleep_until(at);
    due[submit_noop(client, "one-" + std::to_string(i), 1)] = at;
  }
  for (const auto& [study, at] : due)
    await_study(lab, study);
  stop.request_stop();
  listener.join();
  std::vector<double> all;
  for (const auto& [study, started] : starts.take()) {
    const auto sent = due.find(study);
    if (sent != due.end()) all.push_back(std::chrono::duration<double, std::milli>(started - sent->second).count());
  }
  return all;
}

}  // namespace

void measure_latency(const Setting& setting) {
  constexpr int kRequests = 500;
  Row middle{"request until told that the job has started, p50 (50/s)", "ms", {}, "<= 2"};
  Row late{"request until told that the job has started, p99", "ms", {}, "<= 6"};
  for (int i = 0; i < setting.runs; ++i) {
    const auto all = latencies_ms(setting, std::max(50, static_cast<int>(kRequests * setting.scale)));
    middle.values.push_back(quantile(all, 0.5));
    late.values.push_back(quantile(all, 0.99));
  }
  print_row(middle);
  print_row(late);
}

}  // namespace checkerlab::bench
