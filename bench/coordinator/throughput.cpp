#include <fmt/format.h>

#include <algorithm>

#include "bench/coordinator/lab.hpp"
#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"

namespace checkerlab::bench {
namespace {

struct Shape {
  int slots;
  int prefetch;
  const char* goal;
};

struct Findings {
  double rate = 0;             // jobs a second from the request until the study's end was told
  double rate_running = 0;     // from when the study was accepted
  double coordinator_cpu = 0;  // microseconds a job
};

Findings run_noops(const Setting& setting, const Shape& shape, int jobs) {
  Lab lab(setting.bin);
  lab.start_worker(shape.slots, shape.prefetch);
  auto client = lab.client();
  await_study(lab, submit_noop(client, "warm-up", 1'000));
  const double cpu = cpu_seconds(lab.coordinator_pid());
  const auto begin = Clock::now();
  const auto study = submit_noop(client, "bench", jobs);
  const auto accepted = Clock::now();
  await_study(lab, study);
  return {jobs / seconds_since(begin), jobs / seconds_since(accepted),
          (cpu_seconds(lab.coordinator_pid()) - cpu) / jobs * 1e6};
}

}  // namespace

void measure_throughput(const Setting& setting) {
  constexpr int kJobs = 100'000;
  const int jobs = std::max(1'000, static_cast<int>(kJobs * setting.scale));
  for (const Shape& shape : {Shape{64, 2048, ">= 40000"}, Shape{2, 1024, ">= 15000"}}) {
    Row rate{fmt::format("{} noop jobs, durable, one worker of {} slots", jobs, shape.slots), "jobs/s", {}, shape.goal};
    Row running{"  the same, from when the study was accepted", "jobs/s", {}, ""};
    Row cpu{fmt::format("  coordinator's CPU a job, {} slots", shape.slots), "us", {}, ""};
    for (int i = 0; i < setting.runs; ++i) {
      const Findings findings = run_noops(setting, shape, jobs);
      rate.values.push_back(findings.rate);
      running.values.push_back(findings.rate_running);
      cpu.values.push_back(findings.coordinator_cpu);
    }
    for (const Row& row : {rate, running, cpu})
      print_row(row);
  }
}

}  // namespace checkerlab::bench
