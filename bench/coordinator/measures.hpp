// What `./dev bench coordinator` measures. Each starts labs of its own, prints its rows and leaves nothing behind.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace checkerlab::bench {

struct Setting {
  std::filesystem::path bin;
  int runs = 3;
  double scale = 1;                         // of every number of jobs; smaller than 1 to try things out
  std::filesystem::path hyperqueue_python;  // which has its wheel; empty: left out
  std::filesystem::path hyperqueue_script;  // hyperqueue_rate.py
};

void measure_throughput(const Setting& setting);  // jobs a second through one worker
void measure_hyperqueue(const Setting& setting);  // HyperQueue, for comparison
void measure_latency(const Setting& setting);     // from the request until the job runs
void measure_queue(const Setting& setting);       // large submissions, memory, starts and exports with many jobs
void measure_fleet(const Setting& setting);       // many workers with heartbeats
void measure_viewers(const Setting& setting);     // page viewers while jobs finish

}  // namespace checkerlab::bench
