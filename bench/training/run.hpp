// One timed training on random tokens, over some ranks; what bench/training_bench.cpp puts into its table.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/distributed/rank_process.hpp"

namespace checkerlab::bench {

struct TrainingRun {
  std::string preset, device = "cuda", precision = "bf16";
  int ranks = 1;
  bool share_device = false;
  std::int64_t batch = 128;  // over all ranks
  std::int64_t warmup = 10, steps = 30;
  bool sums = true;      // false: gradients are not summed over the ranks, to see what the sums cost
  bool profile = false;  // rank 0 says on standard error where the timed steps' time goes (StepProfile)
};

struct TrainingFigures {
  double images_per_second = 0;  // over all ranks
  double seconds_per_step = 0;
  std::int64_t memory = 0;  // most bytes of tensors on rank 0's device
  std::string device;
  std::vector<double> losses;  // of every step, warm-up included
};

// Starts the ranks of this program (with --rank-run) and gives rank 0's figures. Throws Error of the rank that failed.
TrainingFigures measure(const TrainingRun& run);

// In a rank: does the run and, on rank 0, writes its figures to `file`.
void run_rank(const TrainingRun& run, const model::RankSettings& settings, const std::string& file);

nlohmann::json to_json(const TrainingRun& run);
TrainingRun training_run(const nlohmann::json& json);

}  // namespace checkerlab::bench
