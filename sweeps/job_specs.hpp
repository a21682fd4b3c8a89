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

// What every job of one model's branch hangs on.
struct ModelInputs {
  JobKey tokenizer;
  JobKey network;  // of points only
  JobKey model;
  std::string ratio;  // with what tells models of one ratio apart
};

Job import_job(const StudyDefinition& study, const std::optional<DatasetContent>& content);
Job tokenizer_job(const StudyDefinition& study, const JobKey& dataset);
// Precondition: the study re-trains the codebook.
Job codebook_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& tokenizer);
// Tokens of the imported images and their mirror images.
Job tokens_job(int size, const JobKey& dataset, const JobKey& tokenizer);
// Tokens of ten crops of every image, straight from the files.
Job crops_job(const StudyDefinition& study, const DatasetContent& content, int size, const JobKey& tokenizer);
Job network_job(const StudyDefinition& study, const JobKey& dataset);
// Of a split of the data set.
Job reference_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& network);
// Of a file.
Job file_reference_job(const StudyDefinition& study, const GivenFile& file, const JobKey& network);

// A file that is there, checked and in this project's form. `as`: "tokenizer" or "network".
Job import_file_job(const GivenFile& file, const std::string& as);

// What a model is trained for, apart from how.
struct ModelTask {
  Ratio ratio;
  int grid = 0;
  int classes = 0;
  std::int64_t seed = 0;
};
// The params of a train_model job.
nlohmann::json model_params(const ModelDefinition& model, const ModelTask& task);
// A model given as a file; it must be of this ratio and this grid, and of this tokenizer's codes.
Job given_model_job(const GivenFile& file, const ModelTask& task, const JobKey& tokenizer, const std::string& name);
// `inputs` holds one for each of the ratio's scale sizes, and "start" where it starts from another model. `name` is the
// ratio with what tells models of one ratio apart.
Job model_job(const ModelDefinition& model, const ModelTask& task, const JobKey& tokenizer, std::vector<Input> inputs,
              const std::string& name);
Job shard_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling, std::int64_t begin,
              std::int64_t end);
Job score_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling,
              const JobKey& reference, std::vector<Input> shards);
Job sample_grid_job(const StudyDefinition& study, const ModelInputs& inputs, const std::vector<int>& sizes);

// `batch` images at once.
Job latency_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling, int batch);
Job entropy_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling);
Job mixing_job(const ModelInputs& inputs);

// The step at which guidance begins; 0 without guidance, where it changes nothing.
int start_step(const StudyDefinition& study, double guidance);

// "tokens.016", "shard.0003"
std::string tokens_role(int size);
std::string shard_role(std::int64_t index);

}  // namespace checkerlab::sweeps
