// For tests of what only a CUDA device can show.
#pragma once

#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <cstdlib>

// At the start of a test: where there is no device the test is counted as skipped, or fails when the environment says
// CHECKERLAB_NEEDS_CUDA=1 (set it on machines that must have one).
#define CHECKERLAB_NEEDS_CUDA_DEVICE()                                  \
  if (!torch::cuda::is_available()) {                                   \
    if (std::getenv("CHECKERLAB_NEEDS_CUDA") != nullptr)                \
      FAIL() << "CHECKERLAB_NEEDS_CUDA is set, but there is no device"; \
    GTEST_SKIP() << "needs a CUDA device";                              \
  }                                                                     \
  static_assert(true)
