#include "libmodel/device.hpp"

#include <gtest/gtest.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

TEST(Device, namesAreUnderstoodOrRefused) {
  EXPECT_EQ(select_device("cpu"), torch::Device(torch::kCPU));
  EXPECT_EQ(select_device("auto").is_cuda(), torch::cuda::is_available());
  for (const char* name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99"}) {
    EXPECT_THROW(select_device(name), Error) << name;
  }
}

TEST(Device, theProcessorIsDescribed) {
  const DeviceInfo info = describe_device(torch::kCPU);
  EXPECT_EQ(info.type, "cpu");
  EXPECT_FALSE(info.name.empty());
  EXPECT_GT(info.memory_bytes, 1 << 20);
}

TEST(Precision, namesSurvive) {
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::fp16}) {
    EXPECT_EQ(precision_from_string(to_string(precision)), precision);
  }
  EXPECT_THROW(precision_from_string("fp8"), Error);
}

TEST(AutocastScope, holdsForItsLifeOnly) {
  const auto a = torch::ones({4, 4});
  {
    const AutocastScope scope(torch::kCPU, Precision::bf16);
    EXPECT_EQ(torch::mm(a, a).scalar_type(), torch::kBFloat16);
    const AutocastScope inner(torch::kCPU, Precision::fp32);
  }
  EXPECT_EQ(torch::mm(a, a).scalar_type(), torch::kFloat32);
}

}  // namespace
}  // namespace checkerlab::model
