// Where a training's steps spend their time on the device: its kernels by time, as seen by LibTorch's profiler
// (Kineto). Not thread-safe; one at a time in a process.
#pragma once

#include <cstdint>
#include <string>

namespace checkerlab::bench {

class StepProfile {
 public:
  // From here on. The device must be at rest.
  void start();

  // Ends it and gives a table: how long the device was busy in a step, then each kernel of the `rows` that took most,
  // with its milliseconds and its launches a step. The device must be at rest.
  std::string finish(std::int64_t steps, std::size_t rows = 40);
};

}  // namespace checkerlab::bench
