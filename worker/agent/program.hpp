// The command line of a worker: options, help, logging, signals, exit codes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::worker {

// What differs between the real worker and the one of the tests, which needs no LibTorch.
struct Program {
  std::vector<std::string> kinds;
  // Describes "auto", "cpu" or "cuda". Throws Error when that device is not there.
  std::function<rpc::DeviceInfo(const std::string& device)> describe_device;
};

// Runs the agent until SIGTERM or SIGINT, which end it within a second (a second signal: at once). Answers the exit
// code: 0 stopped on request, 1 failed, 2 wrong usage. Errors are printed as "error: what. fix". The runners are
// started as this very program with the first argument `runner`.
int run_worker(int argc, char** argv, const Program& program);

}  // namespace checkerlab::worker
