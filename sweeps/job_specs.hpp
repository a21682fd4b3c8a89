// The jobs of a study one by one: specs, keys, hints and labels. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweeps/plan.hpp"

namespace checkerlab::sweeps {

// A job from its parts; computes spec and key. `inputs` may come in any order.
Job make_job(const std::string& kind, std::vector<Input> inputs, nlohmann::json params, nlohmann::json hints,
             std::string label);

// How one model is sampled for one point.
struct Sampling {
  int steps_per_scale = 0;  // canonical (pyramid.hpp)
  double guidance = 0;
  std::int64_t seed = 0;
};

// What every job of one ratio's branch hangs on.
struct ModelInputs {
  JobKey tokenizer;
  JobKey network;
  JobKey model;
  std::string ratio;
};

Job import_job(const StudyDefinition& study, const std::optional<DatasetContent>& content);
Job tokenizer_job(const StudyDefinition& study, const JobKey& dataset);
// Precondition: the study re-trains the codebook.
Job codebook_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& tokenizer);
Job tokens_job(int size, const JobKey& dataset, const JobKey& tokenizer);
Job network_job(const StudyDefinition& study, const JobKey& dataset);
Job reference_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& network);

// What a model is trained for, apart from how.
struct ModelTask {
  Ratio ratio;
  int grid = 0;
  int classes = 0;
  std::int64_t seed = 0;
};
// The params of a train_model job.
nlohmann::json model_params(const ModelDefinition& model, const ModelTask& task);
// `tokens` holds one input for each of the ratio's scale sizes.
Job model_job(const StudyDefinition& study, const Ratio& ratio, const JobKey& tokenizer, std::vector<Input> tokens);
Job shard_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling, std::int64_t begin,
              std::int64_t end);
Job score_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling,
              const JobKey& reference, std::vector<Input> shards);
Job sample_grid_job(const StudyDefinition& study, const ModelInputs& inputs, const std::vector<int>& sizes);

// The step at which guidance begins; 0 without guidance, where it changes nothing.
int start_step(const StudyDefinition& study, double guidance);

// "tokens.016", "shard.0003"
std::string tokens_role(int size);
std::string shard_role(std::int64_t index);

}  // namespace checkerlab::sweeps
