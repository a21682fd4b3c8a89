// A worker that needs no LibTorch: it knows noop, and a kind that copies files. For tests of the agent and of
// everything around it.
#include <memory>
#include <string_view>

#include "worker/agent/program.hpp"
#include "worker/runner/noop.hpp"
#include "worker/runner/runner.hpp"
#include "worker/testing/copy_job.hpp"

using namespace checkerlab::worker;

int main(int argc, char** argv) {
  JobRegistry registry;
  registry.add(std::make_unique<NoopJob>());
  registry.add(std::make_unique<CopyJob>());
  if (argc > 1 && std::string_view(argv[1]) == "runner") run_runner(registry);
  return run_worker(argc, argv, {registry.names(), [](const std::string&) {
                                   return checkerlab::rpc::DeviceInfo{"cpu", "test", 0, 1};
                                 }});
}
