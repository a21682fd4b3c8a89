#include "libmodel/evaluation/metric_training.hpp"

#include <torch/types.h>

#include <chrono>

#include "libmodel/evaluation/features.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/modules/module_trainer.hpp"
#include "libmodel/modules/weights.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {

namespace {

// Numbers of one step: which images, and which of them mirrored.
torch::Tensor step_uniform(const MetricTraining& training, std::int64_t step, std::uint64_t use) {
  const auto stream = static_cast<std::uint64_t>(step) * 2 + use;
  return uniform_tensor(training.seed, RandomDomain::evaluation, stream, {training.batch}).to(torch::kFloat64);
}

double accuracy(MetricNetwork& network, const Dataset& dataset, std::int64_t batch, torch::Device device,
                Observer& observer) {
  const auto scores = compute_features(network, dataset.test_images, batch, device, observer);
  const auto predicted = scores.log_probabilities.argmax(1);
  return predicted.eq(dataset.test_labels).to(torch::kFloat64).mean().item<double>();
}

}  // namespace

MetricReport train_metric_network(MetricNetwork& network, const Dataset& dataset, const MetricTraining& training,
                                  torch::Device device, Observer& observer,
                                  const std::optional<std::filesystem::path>& resume) {
  check_training("metric network training", training.steps, training.batch, training.lr);
  const auto start = std::chrono::steady_clock::now();
  initialise_module(*network, training.seed, RandomDomain::evaluation);
  network->to(device);
  network->train();
  const auto images = dataset.train_images.to(device);
  const auto labels = dataset.train_labels.to(device);
  ModuleTrainer trainer(*network, {"metric network training", training.steps, training.lr, 0.01}, {});
  if (resume) trainer.resume(*resume);
  const auto loss = [&](std::int64_t step) {
    const auto picks = step_uniform(training, step, 0).mul(images.size(0)).to(torch::kInt64);
    const auto items = picks.clamp_max(images.size(0) - 1).to(device);
    const auto batch = normalise_pixels(images.index_select(0, items));
    const auto mirrored = step_uniform(training, step, 1).lt(0.5).reshape({-1, 1, 1, 1}).to(device);
    const auto outputs = network->forward(torch::where(mirrored, batch.flip({3}), batch));
    return torch::cross_entropy_loss(outputs.logits, labels.index_select(0, items));
  };
  trainer.run(
      loss, [](std::int64_t) {}, observer);
  network->eval();
  const double test_accuracy = accuracy(network, dataset, training.batch, device, observer);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {test_accuracy, trainer.recent_loss(), seconds.count()};
}

}  // namespace checkerlab::model
