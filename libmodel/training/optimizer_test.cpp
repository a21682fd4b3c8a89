#include "libmodel/training/optimizer.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "libmodel/training/weight_average.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

void set_gradients(const Optimizer& optimizer, double value) {
  for (const at::Tensor& parameter : optimizer.parameters()) {
    parameter.mutable_grad() = torch::full_like(parameter, value);
  }
}

std::map<std::string, at::Tensor> weights_of(const Model& model) {
  std::map<std::string, at::Tensor> named;
  ModelWeights weights = model.weights;
  visit_weights(model.config, weights, [&](const std::string& name, at::Tensor& tensor, const auto&) {
    named[name] = tensor.detach().clone();
  });
  return named;
}

// With gradients of 0 the decay is all that happens.
TEST(Optimizer, decaysMatricesEmbeddingsRotaryTableAndMixing) {
  Model model = small_model({1, 2});
  const auto before = weights_of(model);
  Optimizer optimizer(model, 0.1);
  set_gradients(optimizer, 0);
  optimizer.step(0.5);
  for (const auto& [name, weight] : weights_of(model)) {
    const bool decays = weight.dim() >= 2;
    EXPECT_TRUE(torch::allclose(weight, before.at(name) * (decays ? 0.95 : 1.0), 1e-6, 1e-7)) << name;
  }
  EXPECT_FALSE(torch::equal(weights_of(model).at("llama.rotary_emb.mixing_coeffs"),
                            before.at("llama.rotary_emb.mixing_coeffs")));
}

TEST(Optimizer, clipsToTheGlobalNormAndReportsTheOneBefore) {
  Model model = small_model({1, 2});
  Optimizer optimizer(model, 0);
  set_gradients(optimizer, 2);
  const double elements = static_cast<double>(model.parameter_count());
  const auto report = optimizer.step(1e-3, 1);
  EXPECT_NEAR(report.gradient_norm.item<double>(), 2 * std::sqrt(elements), 1e-2);
  // The first moment is a tenth of the gradient.
  double square = 0;
  for (const auto& [name, moments] : optimizer.moments()) {
    square += moments.average.square().sum().item<double>();
  }
  EXPECT_NEAR(std::sqrt(square), 0.1, 1e-5);
  EXPECT_FALSE(optimizer.parameters()[0].grad().defined());
}

TEST(Optimizer, leavesOutAStepWithAGradientThatIsNotFinite) {
  Model model = small_model({1, 2});
  Optimizer optimizer(model, 0.1);
  set_gradients(optimizer, 1);
  EXPECT_EQ(optimizer.step(1e-3).skipped.item<double>(), 0);
  const auto before = weights_of(model);
  set_gradients(optimizer, 1);
  optimizer.parameters()[3].mutable_grad().fill_(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(optimizer.step(1e-3).skipped.item<double>(), 1);
  for (const auto& [name, weight] : weights_of(model)) {
    EXPECT_TRUE(torch::equal(weight, before.at(name))) << name;
  }
  EXPECT_EQ(optimizer.moments().begin()->second.steps, 1);
}

TEST(Optimizer, aParameterWithoutGradientStays) {
  Model model = small_model({1, 2});
  Optimizer optimizer(model, 0.1);
  set_gradients(optimizer, 1);
  const at::Tensor untouched = optimizer.parameters()[0], copy = untouched.detach().clone();
  untouched.mutable_grad() = at::Tensor();
  optimizer.step(1e-2);
  EXPECT_TRUE(torch::equal(untouched, copy));
}

TEST(Optimizer, momentsGoByNameAndMustFit) {
  Model first = small_model({1, 2}), second = small_model({1, 2});
  Optimizer one(first, 0.1), other(second, 0.1);
  set_gradients(one, 1);
  one.step(1e-2);
  auto moments = one.moments();
  for (const auto& [name, weight] : weights_of(first)) {
    ModelWeights weights = second.weights;
    const torch::NoGradGuard no_grad;
    visit_weights(second.config, weights,
                  [&, n = name, w = weight](const std::string& key, at::Tensor& t, const auto&) {
                    if (key == n) t.copy_(w);
                  });
  }
  other.set_moments(moments, "here");
  set_gradients(one, 0.5);
  set_gradients(other, 0.5);
  one.step(1e-2);
  other.step(1e-2);
  EXPECT_TRUE(torch::equal(weights_of(first).at("lm_head.weight"), weights_of(second).at("lm_head.weight")));
  moments["nobody"] = moments.begin()->second;
  EXPECT_THROW(other.set_moments(moments, "here"), Error);
  moments.erase("nobody");
  moments.begin()->second.average = torch::zeros({1});
  EXPECT_THROW(other.set_moments(moments, "here"), Error);
}

TEST(LossScaler, halvesOnOverflowAndDoublesAfterTwoThousandGoodSteps) {
  LossScaler scaler(torch::kCPU);
  std::vector<at::Tensor> gradients{torch::full({3}, 65536.0), torch::full({2, 2}, 131072.0)};
  EXPECT_EQ(scaler.scaled(torch::ones({})).item<double>(), 65536);
  EXPECT_EQ(scaler.unscale(gradients).item<double>(), 0);
  EXPECT_TRUE(torch::equal(gradients[0], torch::ones({3})));
  EXPECT_TRUE(torch::equal(gradients[1], torch::full({2, 2}, 2.0)));
  gradients[0][1] = std::numeric_limits<float>::infinity();
  const auto overflow = scaler.unscale(gradients);
  EXPECT_EQ(overflow.item<double>(), 1);
  scaler.update(overflow);
  EXPECT_EQ(scaler.scale().item<double>(), 32768);
  for (int step = 0; step < 2000; ++step) {
    scaler.update(torch::zeros({}));
  }
  EXPECT_EQ(scaler.scale().item<double>(), 65536);
  EXPECT_EQ(scaler.good_steps().item<int>(), 0);
  EXPECT_THROW(scaler.set(0, 0), Error);
}

TEST(WeightAverage, followsTheWeights) {
  Model model = small_model({1, 2});
  Optimizer optimizer(model, 0);
  WeightAverage average(model, 0.75);
  const auto start = weights_of(model);
  set_gradients(optimizer, 1);
  optimizer.step(0.1);
  average.update(optimizer.parameters());
  for (const auto& [name, weight] : weights_of(average.model())) {
    EXPECT_TRUE(torch::allclose(weight, 0.75 * start.at(name) + 0.25 * weights_of(model).at(name), 1e-6, 1e-6)) << name;
  }
}

}  // namespace
}  // namespace checkerlab::model
