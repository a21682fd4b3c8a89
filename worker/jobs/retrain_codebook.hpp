// Trains a new codebook for the tokenizer of a data set; goes on from a checkpoint.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class RetrainCodebookJob final : public ModelJob {
 public:
  std::string_view name() const override { return "retrain_codebook"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
