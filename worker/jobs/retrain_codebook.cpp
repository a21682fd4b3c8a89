#include "worker/jobs/retrain_codebook.hpp"

#include "libmodel/data/image_feed.hpp"
#include "libmodel/tokenizer/codebook_retraining.hpp"
#include "libmodel/tokenizer/quality.hpp"
#include "worker/jobs/loaded.hpp"
#include "worker/jobs/quality_metrics.hpp"

namespace checkerlab::worker {
namespace {

model::CodebookRetraining read_training(Params& params) {
  model::CodebookRetraining training;
  training.sides = params.integers("sizes", 1, 1024);
  training.steps = params.integer("steps", 2, kMostSteps);
  training.gather_steps = params.integer("gather_steps", 1, kMostSteps);
  training.redraw_every = params.integer("redraw_every", 1, kMostSteps);
  training.batch = params.integer("batch", 1, kMostBatch);
  training.lr = params.number("lr", 0, 10);
  training.mode = model::parse_retrain_mode(params.one_of("mode", {"described", "released"}));
  training.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  params.expect_no_more();
  return training;
}

}  // namespace

JobOutput RetrainCodebookJob::work(JobCall& call) {
  const auto training = read_training(call.params);
  const auto dataset = load_dataset(call);
  // Not the one that is kept warm: this one changes.
  auto tokenizer = model::read_tokenizer(call.input("tokenizer", "tokenizer").path);
  const auto feed = model::feed_from_memory(dataset->train_images, training.batch, training.seed);
  const auto report = model::retrain_codebook(
      tokenizer, [&](std::int64_t step) { return feed->batch(step); }, training, call.device, call.observer,
      call.resume());
  const auto quality = model::tokenizer_quality(tokenizer, dataset->test_images, training.sides, training.batch,
                                                call.device, call.observer);
  model::write_tokenizer(call.output("tokenizer"), tokenizer);
  auto metrics = quality_metrics(quality);
  metrics["final_loss"] = report.final_loss;
  metrics["redrawn"] = static_cast<double>(report.redrawn);
  metrics["seconds"] = report.seconds;
  return {std::move(metrics), {{"tokenizer", call.output("tokenizer")}}, {}};
}

}  // namespace checkerlab::worker
