// A coordinator of its own in a temporary folder, and workers for it, as real processes. Throws std::runtime_error when
// one of them ends by itself. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/files.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// What the kernel says about a process.
double cpu_seconds(int pid);
double resident_mib(int pid);

class Lab {
 public:
  // `bin`: where the programs are. Starts the coordinator with these options and waits until it is ready.
  explicit Lab(std::filesystem::path bin, std::vector<std::string> options = {});

  rpc::HttpClient client() const { return rpc::HttpClient(rpc::discover_endpoint(data())); }
  std::filesystem::path data() const { return folder_.path(); }
  int coordinator_pid() const { return coordinator_->pid(); }

  // The real worker, or the one that knows noop alone where the build has no LibTorch; waits until it is online.
  void start_worker(int slots, int prefetch);
  void stop_worker() { workers_.clear(); }

  void stop_coordinator();
  // Gives the seconds from the start of the process until it answers that it is ready.
  double start_coordinator();

 private:
  std::filesystem::path bin_;
  std::vector<std::string> options_;
  TemporaryFolder folder_;
  std::unique_ptr<ChildProcess> coordinator_;
  std::vector<std::unique_ptr<ChildProcess>> workers_;
};

// Submits `count` jobs that do nothing as a new study of that name; gives the study's id.
std::string submit_noop(rpc::HttpClient& client, const std::string& name, int count);
// Returns when the study is over. Throws when it did not succeed.
void await_study(const Lab& lab, const std::string& study);

}  // namespace checkerlab::bench
