// Inputs as objects, kept warm between jobs by the hash of their file.
#pragma once

#include <memory>
#include <string>

#include "libmodel/data/dataset.hpp"
#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/sampling/sampler.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

// Input `dataset`, on the CPU.
std::shared_ptr<const model::Dataset> load_dataset(JobCall& call);
// Input `tokenizer`, in evaluation mode on the job's device. Not to be trained.
std::shared_ptr<model::VqTokenizer> load_tokenizer(JobCall& call);
// Input `network` on the job's device, in fp32: a metric network or an Inception. Throws Error(invalid_data) when
// `spatial` features are wanted and it has none.
std::shared_ptr<model::FeatureNetwork> load_network(JobCall& call, bool spatial);
// A sampler of the input `model` on the job's device; of the moving average of its weights where the param `ema` says
// so.
std::shared_ptr<model::Sampler> load_sampler(JobCall& call, model::Precision precision);

}  // namespace checkerlab::worker
