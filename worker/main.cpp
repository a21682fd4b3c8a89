// checkerlab-worker: the agent; with the first argument `runner`, the child that it starts to do the jobs; with
// `model`, the verbs on model files that `checkerlab model` hands over; with a verb of the top level, that verb.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "worker/agent/program.hpp"
#include "worker/jobs/compute.hpp"
#include "worker/jobs/register.hpp"
#include "worker/runner/runner.hpp"
#include "worker/verbs/program.hpp"

namespace {

using namespace checkerlab;

rpc::DeviceInfo describe(const std::string& device) {
  const auto found = worker::describe_compute_device(device);
  return {found.type, found.name, found.memory_bytes, found.count};
}

// LibTorch takes its time to unload; a program that is done is gone within a second.
[[noreturn]] void leave(int code) {
  std::fflush(nullptr);
  std::_Exit(code);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "model") {
    worker::configure_compute_process(0);
    leave(worker::run_model_program(argc, argv));
  }
  if (const auto* verb = worker::find_top_verb(argc > 1 ? argv[1] : "")) {
    worker::configure_compute_process(0);
    leave(worker::run_verb_program(*verb, argc, argv));
  }
  worker::JobRegistry registry;
  worker::register_jobs(registry);
  if (argc > 1 && std::string_view(argv[1]) == "runner") {
    worker::configure_compute_process(argc > 2 ? std::atoi(argv[2]) : 0);
    worker::run_runner(registry);
  }
  leave(worker::run_worker(argc, argv, {registry.names(), describe}));
}
