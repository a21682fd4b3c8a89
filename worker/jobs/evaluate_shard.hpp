// Draws the samples of one index range and leaves their features. A sample is a function of its index, so shards can be
// cut and repeated at will. Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class EvaluateShardJob final : public ModelJob {
 public:
  std::string_view name() const override { return "evaluate_shard"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
