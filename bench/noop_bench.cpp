// Jobs that do nothing, from submission to the durable result of the last, through a real coordinator and a real worker
// on this machine. Prints one line per run and the median. Usage: noop_bench BIN_DIR [JOBS] [RUNS] [SLOTS] [PREFETCH]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/files.hpp"
#include "rpc/http_client.hpp"

namespace {

using namespace checkerlab;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Setting {
  std::string bin;
  int jobs = 20'000;
  int runs = 3;
  std::string slots = "1";
  std::string prefetch = "256";
};

void await_coordinator(ChildProcess& coordinator, const std::filesystem::path& data) {
  while (!rpc::find_endpoint(data)) {
    if (const auto status = coordinator.wait(10ms))
      throw std::runtime_error("the coordinator ended: " + status->text());
  }
}

// Waits until the worker says hello, so that its start is not measured.
void await_worker(rpc::HttpClient& client) {
  client.read_events("/api/v1/events", [](const rpc::ServerEvent& event) { return event.type != "worker"; },
                     {.last_event_id = "0"});
}

double jobs_per_second(const Setting& setting) {
  const TemporaryFolder folder("checkerlab-bench");
  const std::string data = folder.path().string();
  ChildProcess coordinator({.arguments = {setting.bin + "/checkerlab-coordinator", "--data", data, "--listen",
                                          "127.0.0.1:0", "--log-level", "error"}});
  await_coordinator(coordinator, folder.path());
  ChildProcess worker({.arguments = {setting.bin + "/checkerlab-worker", "--data", data, "--name", "bench", "--device",
                                     "cpu", "--slots", setting.slots, "--prefetch", setting.prefetch, "--cache",
                                     data + "/cache", "--log-level", "error"}});
  rpc::HttpClient client(rpc::discover_endpoint(folder.path()));
  await_worker(client);

  const auto begin = Clock::now();
  client.post("/api/v1/noop_studies", {{"name", "bench"}, {"count", setting.jobs}});
  rpc::HttpClient events(rpc::discover_endpoint(folder.path()));
  events.read_events("/api/v1/events",
                     [](const rpc::ServerEvent& event) {
                       if (event.type != "study") return true;
                       return rpc::Json::parse(event.data).at("study").at("state") != "succeeded";
                     },
                     {.last_event_id = "0"});
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  worker.stop(2s);
  coordinator.stop(2s);
  return setting.jobs / seconds.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: noop_bench BIN_DIR [JOBS] [RUNS] [SLOTS] [PREFETCH]\n");
    return 1;
  }
  Setting setting{.bin = argv[1]};
  if (argc > 2) setting.jobs = std::atoi(argv[2]);
  if (argc > 3) setting.runs = std::atoi(argv[3]);
  if (argc > 4) setting.slots = argv[4];
  if (argc > 5) setting.prefetch = argv[5];
  try {
    std::vector<double> rates;
    for (int i = 0; i < setting.runs; ++i) {
      rates.push_back(jobs_per_second(setting));
      std::printf("run %d: %.0f noop jobs per second (%d jobs, %s slots, prefetch %s)\n", i + 1, rates.back(),
                  setting.jobs, setting.slots.c_str(), setting.prefetch.c_str());
      std::fflush(stdout);
    }
    std::ranges::sort(rates);
    std::printf("noop jobs per second: min %.0f median %.0f max %.0f\n", rates.front(), rates[rates.size() / 2],
                rates.back());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "noop_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
