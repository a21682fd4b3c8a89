#include "worker/jobs/train_tokenizer.hpp"

#include "libmodel/tokenizer/training.hpp"
#include "worker/jobs/loaded.hpp"
#include "worker/jobs/quality_metrics.hpp"

namespace checkerlab::worker {
namespace {

// The structure is checked by libmodel; naming its params here lets the rest be refused.
model::TokenizerConfig read_config(JobCall& call) {
  auto& params = call.params;
  params.integer("stride", 1, 64);
  params.integer("channels", 4, 4096);
  params.integers("multipliers", 1, 64);
  params.integer("res_blocks", 1, 64);
  params.integer("z_channels", 1, 65536);
  params.flag("attention");
  params.integer("codes", 2, 32767);
  params.integer("code_dim", 1, 1024);
  return model::tokenizer_config_from_json(call.command.spec.at("params"));
}

model::TokenizerTraining read_training(Params& params) {
  model::TokenizerTraining training;
  training.sizes = params.integers("sizes", 1, 1024);
  training.steps = params.integer("steps", 0, kMostSteps);
  training.batch = params.integer("batch", 1, kMostBatch);
  training.lr = params.number("lr", 0, 10);
  training.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  params.expect_no_more();
  return training;
}

}  // namespace

JobOutput TrainTokenizerJob::work(JobCall& call) {
  const auto config = read_config(call);
  const auto training = read_training(call.params);
  const auto dataset = load_dataset(call);
  model::VqTokenizer tokenizer(config);
  const auto report = model::train_tokenizer(tokenizer, dataset->train_images, dataset->test_images, training,
                                             call.device, call.observer, call.resume());
  model::write_tokenizer(call.output("tokenizer"), tokenizer);
  auto metrics = quality_metrics(report.quality);
  metrics["final_loss"] = report.final_loss;
  metrics["seconds"] = report.seconds;
  return {std::move(metrics), {{"tokenizer", call.output("tokenizer")}}, {}};
}

}  // namespace checkerlab::worker
