// How many images a second become features of the FID Inception, and how far they are from the same network in fp64:
// `inception_bench [--device D] [--batch B] [--images N] [--mode fp32|tf32|fp16|all] [--tune auto|on|off] [--rounds
// R]`. Images are random, uint8 256×256, in host memory; weights are the pseudo-random ones of the tests.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "libmodel/device.hpp"
#include "libmodel/evaluation/inception/inception_features.hpp"
#include "libmodel/evaluation/inception/network.hpp"
#include "libmodel/evaluation/inception/resize.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/reference_layers.hpp"

namespace {

using namespace checkerlab::model;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kSide = 256, kCompared = 4;  // images compared with fp64

struct Options {
  c10::Device device = c10::kCPU;
  std::int64_t batch = 64, images = 256, rounds = 5;
  std::vector<FeaturePrecision> modes;
  std::string tune = "auto";
};

std::int64_t positive(const std::string& text, const std::string& option) {
  const std::int64_t value = std::atoll(text.c_str());
  if (value < 1) throw std::runtime_error(option + " must be a positive number, not '" + text + "'");
  return value;
}

Options parse(int argc, char** argv) {
  std::map<std::string, std::string> given{{"--device", "auto"}, {"--batch", "64"},  {"--images", "256"},
                                           {"--mode", "all"},    {"--tune", "auto"}, {"--rounds", "5"}};
  for (int i = 1; i < argc; i += 2) {
    if (!given.contains(argv[i]) || i + 1 == argc) throw std::runtime_error(std::string("unknown option ") + argv[i]);
    given[argv[i]] = argv[i + 1];
  }
  Options options{.device = select_device(given["--device"]),
                  .batch = positive(given["--batch"], "--batch"),
                  .images = positive(given["--images"], "--images"),
                  .rounds = positive(given["--rounds"], "--rounds"),
                  .tune = given["--tune"]};
  if (options.tune != "auto" && options.tune != "on" && options.tune != "off")
    throw std::runtime_error("--tune is auto, on or off");
  const std::string mode = given["--mode"];
  for (const auto precision : {FeaturePrecision::fp32, FeaturePrecision::tf32, FeaturePrecision::fp16}) {
    const bool possible = options.device.is_cuda() || precision == FeaturePrecision::fp32;
    if (mode == to_string(precision) || (mode == "all" && possible)) options.modes.push_back(precision);
  }
  if (options.modes.empty()) throw std::runtime_error("--mode is fp32, tf32, fp16 or all");
  return options;
}

// pool3 of the first images in fp64, by convolution, batch normalisation and ReLU as they are written down.
at::Tensor exact_pool(const InceptionWeights& weights, const at::Tensor& pixels, c10::Device device) {
  const at::NoGradGuard no_grad;
  const ReferenceLayers layers(weights, device);
  const at::Tensor resized = resize_bilinear(pixels, kInceptionSide).to(device, at::kDouble);
  const at::Tensor images = resized.sub(128).div(128).permute({0, 3, 1, 2}).contiguous();
  return run_inception(layers, weights.class_kernel.to(device, at::kDouble), images).pool.cpu();
}

void measure(const Options& options, FeaturePrecision precision, const InceptionWeights& weights,
             const at::Tensor& pixels, const at::Tensor& exact) {
  const bool tune = options.tune == "auto" ? precision != FeaturePrecision::fp32 : options.tune == "on";
  const auto network = make_inception_features(weights, "", options.device, precision, tune);
  NullObserver observer;
  const auto start = Clock::now();
  const at::Tensor some =
      network->compute(pixels.slice(0, 0, std::min(options.images, options.batch)), options.batch, observer)
          .pool.slice(0, 0, exact.size(0))
          .to(at::kDouble);
  const double first = std::chrono::duration<double>(Clock::now() - start).count();
  std::vector<double> rates;
  for (std::int64_t round = 0; round < options.rounds; ++round) {
    const auto begin = Clock::now();
    network->compute(pixels, options.batch, observer);
    rates.push_back(static_cast<double>(options.images) / std::chrono::duration<double>(Clock::now() - begin).count());
  }
  std::sort(rates.begin(), rates.end());
  const at::Tensor error = (some - exact).abs();
  std::printf("%s: %.1f images/s (median of %lld rounds; min %.1f, max %.1f); first batch %.2f s, tuned: %s\n",
              std::string(to_string(precision)).c_str(), rates[rates.size() / 2],
              static_cast<long long>(options.rounds), rates.front(), rates.back(), first, tune ? "yes" : "no");
  std::printf(
      "%s: pool3 against fp64: largest difference %.3g (absolute), %.3g (of the largest value), %.3g (relative "
      "to the norm)\n",
      std::string(to_string(precision)).c_str(), error.max().item<double>(),
      error.max().item<double>() / exact.abs().max().item<double>(),
      (some - exact).norm().item<double>() / exact.norm().item<double>());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    configure_compute(0);
    const Options options = parse(argc, argv);
    std::printf("%s, batch %lld, %lld images of %lldx%lld\n", describe_device(options.device).name.c_str(),
                static_cast<long long>(options.batch), static_cast<long long>(options.images),
                static_cast<long long>(kSide), static_cast<long long>(kSide));
    at::manual_seed(1);
    const InceptionWeights weights = formula_weights(1);
    const at::Tensor pixels = at::randint(0, 256, {options.images, kSide, kSide, 3}, at::kByte);
    const std::int64_t compared = std::min({kCompared, options.images, options.batch});
    const at::Tensor exact = exact_pool(weights, pixels.slice(0, 0, compared), options.device);
    for (const FeaturePrecision precision : options.modes)
      measure(options, precision, weights, pixels, exact);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
