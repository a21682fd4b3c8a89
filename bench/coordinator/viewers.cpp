#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <thread>

#include "bench/coordinator/lab.hpp"
#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"
#include "bench/coordinator/viewer.hpp"

namespace checkerlab::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kViewers = 200;

struct Findings {
  double rate = 0;
  double p99_ms = 0;
  double lost = 0;
  double events = 0;
};

// Answers to somebody else meanwhile, one after the other.
std::vector<double> ask_until(const Lab& lab, const std::atomic<bool>& over) {
  auto client = lab.client();
  std::vector<double> times;
  while (!over) {
    const auto begin = Clock::now();
    client.get("/api/v1/studies");
    times.push_back(seconds_since(begin) * 1'000);
    std::this_thread::sleep_until(begin + 10ms);
  }
  return times;
}

std::uint64_t last_event(const Lab& lab) {
  SQLite::Database database((lab.data() / "checkerlab.db").string(), SQLite::OPEN_READONLY);
  return static_cast<std::uint64_t>(database.execAndGet("SELECT COALESCE(MAX(id), 0) FROM events").getInt64());
}

Findings watch(const Setting& setting, int jobs) {
  Lab lab(setting.bin);
  lab.start_worker(64, 4096);
  boost::asio::io_context context;
  const std::uint64_t first = last_event(lab);
  std::vector<std::unique_ptr<Viewer>> viewers;
  for (int i = 0; i < kViewers; ++i)
    viewers.push_back(std::make_unique<Viewer>(context, rpc::discover_endpoint(lab.data()), first));
  std::atomic<bool> over = false;
  std::thread eyes([&] { context.run(); });
  std::vector<double> answers;
  std::thread asker([&] { answers = ask_until(lab, over); });

  Findings findings;
  auto client = lab.client();
  const auto begin = Clock::now();
  await_study(lab, submit_noop(client, "viewed", jobs));
  findings.rate = jobs / seconds_since(begin);
  over = true;
  asker.join();
  const std::uint64_t last = last_event(lab);
  std::promise<void> all_there;
  auto left = viewers.size();
  boost::asio::post(context, [&] {
    for (const auto& viewer : viewers) {
      viewer->when_seen(last, [&] {
        if (--left == 0) all_there.set_value();
      });
    }
  });
  all_there.get_future().wait_for(10s);  // what has not come by then is counted as lost
  context.stop();
  eyes.join();
  for (const auto& viewer : viewers) {
    std::uint64_t seen = 0;
    for (const std::uint64_t id : viewer->ids())
      seen += id > first && id <= last;
    findings.lost += static_cast<double>(last - first - std::min(seen, last - first));
  }
  findings.events = static_cast<double>(last - first);
  findings.p99_ms = quantile(answers, 0.99);
  return findings;
}

}  // namespace

void measure_viewers(const Setting& setting) {
  constexpr int kJobs = 100'000;
  const int jobs = std::max(1'000, static_cast<int>(kJobs * setting.scale));
  Row rate{fmt::format("{} noop jobs while {} page viewers look on", jobs, kViewers), "jobs/s", {}, ">= 10000"};
  Row answer{"  answers to somebody else meanwhile, p99", "ms", {}, "<= 50"};
  Row events{"  events to each viewer", "", {}, ""};
  Row lost{"  events that did not reach a viewer", "", {}, "0"};
  for (int i = 0; i < setting.runs; ++i) {
    const Findings findings = watch(setting, jobs);
    rate.values.push_back(findings.rate);
    answer.values.push_back(findings.p99_ms);
    events.values.push_back(findings.events);
    lost.values.push_back(findings.lost);
  }
  for (const Row& row : {rate, answer, events, lost})
    print_row(row);
}

}  // namespace checkerlab::bench
