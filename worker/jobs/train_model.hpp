// Trains the multiscale model of one scale ratio on token caches; goes on from a checkpoint.
//
// In a gang every worker fetches the same inputs and the same checkpoint and takes its share of each batch. Rank 0
// makes curves, checkpoints and the result; the others end with an empty one, those that the batch does not divide
// among at once. Over N ranks it is, to the bit on CPUs, what one worker makes of the same pieces of each batch: see
// piece_of_batch().
//
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
