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

// From the request until the last result is on disk and the study's end was told.
double jobs_per_second(const Setting& setting, const Shape& shape, int jobs, double& coordinator_cpu) {
  Lab lab(setting.bin);
  lab.start_worker(shape.slots, shape.prefetch);
  auto client = lab.client();
  await_study(lab, submit_noop(client, "warm-up", 1'000));
  const double cpu = cpu_seconds(lab.coordinator_pid());
  const auto begin = Clock::now();
  await_study(lab, submit_noop(client, "bench", jobs));
  const double seconds = seconds_since(begin);
  coordinator_cpu = (cpu_seconds(lab.coordinator_pid()) - cpu) / jobs * 1e6;
  return jobs / seconds;
}

}  // namespace

void measure_throughput(const Setting& setting) {
  constexpr int kJobs = 100'000;
  const int jobs = std::max(1'000, static_cast<int>(kJobs * setting.scale));
  for (const Shape& shape : {Shape{64, 2048, ">= 40000"}, Shape{2, 1024, ">= 15000"}}) {
    Row rate{fmt::format("{} noop jobs, durable, one worker of {} slots", jobs, shape.slots), "jobs/s", {}, shape.goal};
    Row cpu{fmt::format("  coordinator's CPU a job, {} slots", shape.slots), "us", {}, ""};
    for (int i = 0; i < setting.runs; ++i)
      rate.values.push_back(jobs_per_second(setting, shape, jobs, cpu.values.emplace_back()));
    print_row(rate);
    print_row(cpu);
  }
}

}  // namespace checkerlab::bench
