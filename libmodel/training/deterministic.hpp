// Within its life only kernels that give the same bits every time are used; an operation that has none throws. Affects
// the whole process. On CUDA the environment variable CUBLAS_WORKSPACE_CONFIG must be ":4096:8" before the first
// product; the constructor throws Error(ErrorCode::invalid_argument) when it is not.
#pragma once

#include <c10/core/Device.h>

namespace checkerlab::model {

class DeterministicScope {
 public:
  DeterministicScope(bool wanted, c10::Device device);
  ~DeterministicScope();
  DeterministicScope(const DeterministicScope&) = delete;
  DeterministicScope& operator=(const DeterministicScope&) = delete;

 private:
  bool active_;
  bool before_ = false, before_warns_ = false, before_fills_ = false;
};

}  // namespace checkerlab::model
