// Trains the VQ tokenizer of a data set; goes on from a checkpoint.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class TrainTokenizerJob final : public ModelJob {
 public:
  std::string_view name() const override { return "train_tokenizer"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
