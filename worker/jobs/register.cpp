#include "worker/jobs/register.hpp"

#include <memory>

#include "worker/jobs/evaluate_shard.hpp"
#include "worker/jobs/import_dataset.hpp"
#include "worker/jobs/import_file.hpp"
#include "worker/jobs/measure_entropy.hpp"
#include "worker/jobs/measure_latency.hpp"
#include "worker/jobs/measure_mixing.hpp"
#include "worker/jobs/reference_statistics.hpp"
#include "worker/jobs/retrain_codebook.hpp"
#include "worker/jobs/sample_grid.hpp"
#include "worker/jobs/score_point.hpp"
#include "worker/jobs/tokenize_dataset.hpp"
#include "worker/jobs/train_metric_network.hpp"
#include "worker/jobs/train_model.hpp"
#include "worker/jobs/train_tokenizer.hpp"
#include "worker/runner/noop.hpp"

namespace checkerlab::worker {

void register_jobs(JobRegistry& registry) {
  registry.add(std::make_unique<NoopJob>());
  registry.add(std::make_unique<ImportDatasetJob>());
  registry.add(std::make_unique<ImportFileJob>());
  registry.add(std::make_unique<TrainTokenizerJob>());
  registry.add(std::make_unique<RetrainCodebookJob>());
  registry.add(std::make_unique<TokenizeDatasetJob>());
  registry.add(std::make_unique<TrainMetricNetworkJob>());
  registry.add(std::make_unique<ReferenceStatisticsJob>());
  registry.add(std::make_unique<TrainModelJob>());
  registry.add(std::make_unique<EvaluateShardJob>());
  registry.add(std::make_unique<ScorePointJob>());
  registry.add(std::make_unique<SampleGridJob>());
  registry.add(std::make_unique<MeasureMixingJob>());
  registry.add(std::make_unique<MeasureLatencyJob>());
  registry.add(std::make_unique<MeasureEntropyJob>());
}

}  // namespace checkerlab::worker
