#include "libmodel/training/deterministic.hpp"

#include <ATen/Context.h>

#include <cstdlib>
#include <string_view>

#include "base/error.hpp"

namespace checkerlab::model {

DeterministicScope::DeterministicScope(bool wanted, c10::Device device) : active_(wanted && device.is_cuda()) {
  if (!active_) return;
  const char* workspace = std::getenv("CUBLAS_WORKSPACE_CONFIG");
  if (workspace == nullptr || (std::string_view(workspace) != ":4096:8" && std::string_view(workspace) != ":16:8"))
    throw Error(ErrorCode::invalid_argument, "deterministic training needs a fixed workspace of cuBLAS",
                "Set the environment variable CUBLAS_WORKSPACE_CONFIG=:4096:8");
  auto& context = at::globalContext();
  before_ = context.deterministicAlgorithms();
  before_warns_ = context.deterministicAlgorithmsWarnOnly();
  before_fills_ = context.deterministicFillUninitializedMemory();
  context.setDeterministicAlgorithms(true, /*warn_only=*/false);
  context.setDeterministicFillUninitializedMemory(false);
}

DeterministicScope::~DeterministicScope() {
  if (!active_) return;
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(before_, before_warns_);
  context.setDeterministicFillUninitializedMemory(before_fills_);
}

}  // namespace checkerlab::model
