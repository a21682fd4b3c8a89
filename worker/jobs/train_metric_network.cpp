#include "worker/jobs/train_metric_network.hpp"

#include "libmodel/evaluation/metric_training.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {

JobOutput TrainMetricNetworkJob::work(JobCall& call) {
  auto& params = call.params;
  model::MetricNetworkConfig config;
  config.channels = params.integers("channels", 8, 8192);
  config.feature_width = params.integer("feature_width", 8, 8192);
  model::MetricTraining training;
  training.steps = params.integer("steps", 1, kMostSteps);
  training.batch = params.integer("batch", 1, kMostBatch);
  training.lr = params.number("lr", 0, 10);
  training.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  params.expect_no_more();

  const auto dataset = load_dataset(call);
  config.classes = dataset->class_count();
  model::MetricNetwork network(config);
  const auto report =
      model::train_metric_network(network, *dataset, training, call.device, call.observer, call.resume());
  model::write_metric_network(call.output("network"), network);
  return {{{"test_accuracy", report.test_accuracy}, {"feature_width", static_cast<double>(config.feature_width)}},
          {{"network", call.output("network")}},
          {}};
}

}  // namespace checkerlab::worker
