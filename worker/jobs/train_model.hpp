// Trains the multiscale model of one scale ratio on token caches; goes on from a checkpoint.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class TrainModelJob final : public ModelJob {
 public:
  std::string_view name() const override { return "train_model"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
