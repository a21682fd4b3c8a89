// Trains the classifier whose features FID and inception score are computed with; goes on from a checkpoint.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class TrainMetricNetworkJob final : public ModelJob {
 public:
  std::string_view name() const override { return "train_metric_network"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
