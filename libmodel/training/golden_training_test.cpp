// Training steps against the reference implementation; tolerances as documented beside the golden data.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/data/token_set.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/optimizer.hpp"
#include "libmodel/training/trainer.hpp"
#include "libmodel/training/training_loss.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

constexpr double kLossTolerance = 5e-5, kNormTolerance = 2e-5, kGradSumTolerance = 5e-5, kGradNormTolerance = 5e-6,
                 kSumTolerance = 1e-3, kParameterTolerance = 1e-4;

TrainConfig golden_config(const GoldenCase& g, std::int64_t steps) {
  return {.model = g.model.config,
          .steps = steps,
          .batch = 2,
          .learning_rate = 1e-3,
          .weight_decay = 0.01,
          .fixed_steps_per_scale = 4};
}

class GoldenTraining : public testing::TestWithParam<std::string> {
 protected:
  const GoldenCase& g = golden_case(GetParam());

  TokenSet tokens() const {
    TokenSet set;
    set.labels = g.at("input.labels");
    set.codebook = g.model.codebook;
    for (const int side : g.model.config.sizes) {
      set.tokens[side] = g.at("input.tokens." + std::to_string(side)).flatten(1).unsqueeze(1).to(torch::kInt16);
    }
    return set;
  }

  // Sum and L2 norm of each tensor against the rows of `key`, which are in the order of the reference's names.
  void expect_rows(const std::map<std::string, at::Tensor>& tensors, const std::string& key, double sum_tolerance,
                   double norm_tolerance) const {
    const auto& names = g.train["names"];
    ASSERT_EQ(tensors.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto expected = g.at(key)[static_cast<std::int64_t>(i)];
      const auto actual = tensors.at(names[i]).to(torch::kDouble);
      EXPECT_NEAR(actual.sum().item<double>(), expected[0].item<double>(), sum_tolerance) << names[i];
      EXPECT_NEAR(actual.norm().item<double>(), expected[1].item<double>(), norm_tolerance) << names[i];
    }
  }
};

TEST_P(GoldenTraining, fiveSteps) {
  RecordingObserver observer;
  train_model(golden_config(g, 6), tokens(), torch::kCPU, observer, {.start = TrainingStart{.model = g.model}});
  for (int step = 0; step < 5; ++step) {
    EXPECT_NEAR(observer.curves["loss"][step], g.at("train.losses")[step].item<double>(), kLossTolerance);
    EXPECT_NEAR(observer.curves["gradient_norm"][step], g.at("train.grad_norm")[step].item<double>(), kNormTolerance);
  }
  EXPECT_NEAR(observer.curves["loss"][5], g.at("train.loss_after").item<double>(), kLossTolerance);
  const ScaleLayout layout(g.model.config.sizes);
  const auto targets = sequence_targets(g.batch(), g.tables(4));
  for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
    const auto part = [&](const at::Tensor& x) { return x.slice(1, layout.offsets[i], layout.offsets[i + 1]); };
    const auto side = std::to_string(layout.sizes[i]);
    EXPECT_NEAR(observer.curves["loss_" + side + "x" + side][0],
                sequence_loss(part(g.at("logits.4")), part(targets)).item<double>(), kLossTolerance);
  }
}

TEST_P(GoldenTraining, parametersAfterFiveSteps) {
  NullObserver observer;
  TrainResult result =
      train_model(golden_config(g, 5), tokens(), torch::kCPU, observer, {.start = TrainingStart{.model = g.model}});
  std::map<std::string, at::Tensor> trained;
  visit_weights(result.model.config, result.model.weights,
                [&](const std::string& name, at::Tensor& tensor, const auto&) { trained[name] = tensor; });
  expect_rows(trained, "train.param_norms", kSumTolerance, kParameterTolerance);
}

TEST_P(GoldenTraining, gradientsOfTheFirstStep) {
  const TrainConfig config = golden_config(g, 1);
  Model model = g.model;
  const Optimizer optimizer(model, config.weight_decay);
  TrainingLoss(config, torch::kCPU)(model, g.batch(), g.tables(4)).objective.backward();
  std::map<std::string, at::Tensor> gradients;
  for (std::size_t i = 0; i < optimizer.names().size(); ++i) {
    gradients[optimizer.names()[i]] = optimizer.parameters()[i].grad();
  }
  expect_rows(gradients, "train.first_grads", kGradSumTolerance, kGradNormTolerance);
}

// The released run goes on: its weights and its optimiser's state, by name.
TEST(GoldenResume, threeStepsOfAReleasedRun) {
  const std::string folder = CHECKERLAB_TEST_DATA "/golden_model/single";
  const auto run = read_released_checkpoint(folder + "/checkpoint.pth");
  std::ifstream stream(folder + "/resume.json");
  const auto expected = nlohmann::json::parse(stream);
  const GoldenCase& g = golden_case("single");

  Model model = run.model;
  Optimizer optimizer(model, 0.01);
  std::map<std::string, Moments> moments;
  for (const auto& [name, state] : run.optimizer.value().moments) {
    moments[name] = {state.average, state.square, state.steps};
  }
  optimizer.set_moments(moments, "checkpoint.pth");
  const TrainingLoss loss_of(golden_config(g, 3), torch::kCPU);
  for (std::size_t step = 0; step < 3; ++step) {
    const StepLoss loss = loss_of(model, g.batch(), g.tables(4));
    loss.objective.backward();
    EXPECT_NEAR(loss.values[0].item<double>(), expected["losses"][step].get<double>(), kLossTolerance);
    EXPECT_NEAR(optimizer.step(1e-3).gradient_norm.item<double>(), expected["grad_norm"][step].get<double>(),
                kNormTolerance);
  }
  for (std::size_t i = 0; i < g.train["names"].size(); ++i) {
    const std::string name = g.train["names"][i];
    const auto found = std::ranges::find(optimizer.names(), name) - optimizer.names().begin();
    const auto weight = optimizer.parameters().at(static_cast<std::size_t>(found)).detach().to(torch::kDouble);
    EXPECT_NEAR(weight.sum().item<double>(), expected["param_norms"][i][0].get<double>(), kSumTolerance) << name;
    EXPECT_NEAR(weight.norm().item<double>(), expected["param_norms"][i][1].get<double>(), kParameterTolerance) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTraining, testing::ValuesIn(kGoldenCases),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace checkerlab::model
