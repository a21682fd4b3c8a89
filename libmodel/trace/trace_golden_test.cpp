// Every quantity of the golden cases, from the released files to the number; tolerances as measured between independent
// implementations in fp32 (see the README beside the data).
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/testing/needs_cuda.hpp"
#include "libmodel/trace/subject.hpp"
#include "libmodel/trace/trace.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

struct Tolerance {
  const char* prefix;
  double most;
};

// The first prefix that fits counts. Integers are exact.
constexpr Tolerance kTolerances[] = {{"rope_table", 5e-6},      {"fresh_rope_table", 5e-6}, {"embed.", 1e-5},
                                     {"upscaled.", 1e-5},       {"combined.", 1e-4},        {"hidden.", 1e-4},
                                     {"logits.", 5e-5},         {"fold.4.logits", 5e-5},    {"ema.logits.", 5e-5},
                                     {"loss.", 1e-5},           {"loss_scale.", 1e-5},      {"top1.", 1e-6},
                                     {"image_loss.", 1e-5},     {"fold.4.loss", 1e-5},      {"ema.loss.", 1e-5},
                                     {"rmsnorm.in", 1e-9},      {"rmsnorm.out", 5e-6},      {"greedy.cfg", 1e-4},
                                     {"encode.z.", 2e-4},       {"decoded_u8", 1},          {"decoded.", 2e-4},
                                     {"decoded_stats.", 5e-5},  {"decode_stats", 5e-5},     {"decode", 2e-4},
                                     {"train.losses", 5e-5},    {"train.loss_after", 5e-5}, {"resume.losses", 5e-5},
                                     {"train.grad_norm", 2e-5}, {"resume.grad_norm", 2e-5}};

double tolerance_of(const std::string& name) {
  // On maps of one or four values a group of the normalisation holds a value or two: its deviation is rounding.
  if (name == "decoded.1") return 2e-2;
  if (name == "decoded.2") return 5e-3;
  if (name == "decoded_stats.1") return 1e-3;
  if (name.find(".prob.") != std::string::npos) return 5e-5;
  for (const Tolerance& tolerance : kTolerances) {
    if (name.starts_with(tolerance.prefix)) return tolerance.most;
  }
  return 0;
}

TraceResult trace_case(const std::string& name, const TraceOptions& options) {
  const auto folder = golden_folder(name);
  NullObserver observer;
  return trace_model(load_trace_subject({.checkpoint = folder / "checkpoint.pth"}).subject,
                     read_safetensors(folder / "inputs.safetensors"), options, observer);
}

struct Trace {
  TraceResult result;
  TensorFile expected;
};

// On the CPU in fp32, computed once.
const Trace& trace_of(const std::string& name) {
  static std::map<std::string, Trace> traces;
  const auto found = traces.find(name);
  if (found != traces.end()) return found->second;
  Trace trace{.result = trace_case(name, {}),
              .expected = read_safetensors(golden_folder(name) / "expected.safetensors")};
  return traces.emplace(name, std::move(trace)).first->second;
}

struct Group {
  const char* name;
  std::vector<std::string> prefixes;
};

const std::vector<Group> kGroups{
    {"orders", {"scale_sizes", "rank.", "order", "block_ids.", "prev_order.", "fold.4.block_ids", "fold.4.prev_order"}},
    {"inputs", {"rope_table", "fresh_rope_table", "embed.", "upscaled.", "combined."}},
    {"hidden", {"hidden.", "rmsnorm."}},
    {"logits", {"logits.", "fold.4.logits", "ema.logits."}},
    {"losses", {"loss.", "loss_scale.", "top1.", "image_loss.", "fold.4.loss", "ema.loss."}},
    {"greedy", {"greedy."}},
    {"tokenizer", {"decoded", "decode", "encode."}},
    {"training", {"train.", "resume."}}};

bool belongs(const std::string& name, const Group& group) {
  return std::any_of(group.prefixes.begin(), group.prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

// Rows of sums and norms have a tolerance each.
void expect_rows(const std::string& name, const at::Tensor& actual, const at::Tensor& expected, double slack) {
  const bool gradients = name.ends_with("first_grads");
  EXPECT_LE(largest_difference(actual.select(1, 0), expected.select(1, 0)), slack * (gradients ? 5e-5 : 1e-3)) << name;
  EXPECT_LE(largest_difference(actual.select(1, 1), expected.select(1, 1)), slack * (gradients ? 5e-6 : 1e-4)) << name;
}

// `slack` multiplies the tolerances.
void expect_same(const std::string& name, const at::Tensor& actual, const at::Tensor& expected, double slack = 1) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << name;
  EXPECT_EQ(actual.scalar_type(), expected.scalar_type()) << name;
  if (name.ends_with("_norms") || name.ends_with("first_grads")) {
    expect_rows(name, actual, expected, slack);
  } else if (expected.scalar_type() == torch::kInt64) {
    EXPECT_TRUE(torch::equal(actual, expected)) << name;
  } else {
    EXPECT_LE(largest_difference(actual, expected), slack * tolerance_of(name)) << name;
  }
}

class GoldenTrace : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {};

TEST_P(GoldenTrace, holds) {
  const auto& [name, group] = GetParam();
  const Trace& trace = trace_of(name);
  std::size_t count = 0;
  for (const auto& [key, expected] : trace.expected.tensors) {
    if (!belongs(key, kGroups[group])) continue;
    ++count;
    ASSERT_TRUE(trace.result.tensors.contains(key)) << key;
    expect_same(key, trace.result.tensors.at(key), expected);
  }
  EXPECT_GE(count, 3U);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTrace,
                         testing::Combine(testing::ValuesIn(kGoldenCases), testing::Range<std::size_t>(0, 8)),
                         [](const auto& test) {
                           return std::get<0>(test.param) + "_" + kGroups[std::get<1>(test.param)].name;
                         });

TEST(GoldenTraceNames, areExactlyTheGoldens) {
  for (const std::string& name : kGoldenCases) {
    const Trace& trace = trace_of(name);
    for (const auto& [key, expected] : trace.expected.tensors) {
      EXPECT_TRUE(std::any_of(kGroups.begin(), kGroups.end(), [&](const Group& group) { return belongs(key, group); }))
          << key << " is in no group";
    }
    for (const auto& [key, value] : trace.result.tensors) {
      EXPECT_TRUE(trace.expected.tensors.contains(key)) << name << " has no golden " << key;
    }
  }
}

// bf16 products against the fp32 goldens, logits of up to 12 in size.
struct Bf16Tolerance {
  double most, mean;   // difference of the logits
  double same = 0.97;  // least share of positions with the same most likely code
};
constexpr Bf16Tolerance kCpuBf16{.most = 0.11, .mean = 0.012}, kCudaBf16{.most = 0.15, .mean = 0.015};

void expect_close_in_bf16(const std::string& name, c10::Device device, const Bf16Tolerance& tolerance) {
  const auto result =
      trace_case(name, {.only = {"logits.4", "loss.4"}, .device = device, .precision = Precision::bf16});
  const auto& expected = trace_of(name).expected.tensors;
  const auto difference = (result.tensors.at("logits.4") - expected.at("logits.4")).abs();
  const double most = difference.max().item<double>(), mean = difference.mean().item<double>();
  const auto same = result.tensors.at("logits.4").argmax(-1).eq(expected.at("logits.4").argmax(-1));
  const double share = same.to(torch::kDouble).mean().item<double>();
  std::printf("%s: bf16 logits differ by at most %.4f, %.5f on average; same choice at %.4f\n", name.c_str(), most,
              mean, share);
  EXPECT_GT(most, 1e-4) << name << ": was computed in fp32";
  EXPECT_LE(most, tolerance.most) << name;
  EXPECT_LE(mean, tolerance.mean) << name;
  EXPECT_GE(share, tolerance.same) << name;
  EXPECT_NEAR(result.tensors.at("loss.4").item<double>(), expected.at("loss.4").item<double>(), 2e-3) << name;
}

TEST(GoldenTraceBf16, logitsStayClose) {
  for (const std::string& name : kGoldenCases) {
    expect_close_in_bf16(name, torch::kCPU, kCpuBf16);
  }
}

// fp32 without TF32 on the device: four times the tolerances, which were measured on CPUs; integers are exact.
TEST(CudaTrace, everyGoldenHoldsInFp32) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  configure_compute(0);
  for (const std::string& name : kGoldenCases) {
    const auto result = trace_case(name, {.device = torch::kCUDA});
    const auto& expected = trace_of(name).expected.tensors;
    EXPECT_EQ(result.tensors.size(), expected.size());
    for (const auto& [key, value] : expected) {
      ASSERT_TRUE(result.tensors.contains(key)) << key;
      expect_same(key, result.tensors.at(key), value, 4);
    }
  }
}

TEST(CudaTrace, logitsStayCloseInBf16) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  configure_compute(0);
  for (const std::string& name : kGoldenCases) {
    expect_close_in_bf16(name, torch::kCUDA, kCudaBf16);
  }
}

}  // namespace
}  // namespace checkerlab::model
