// Joins the shards of a point and computes its scores with their uncertainties.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class ScorePointJob final : public ModelJob {
 public:
  std::string_view name() const override { return "score_point"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
