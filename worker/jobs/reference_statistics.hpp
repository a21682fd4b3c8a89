// Feature statistics of the data set's own images, which samples are compared with.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class ReferenceStatisticsJob final : public ModelJob {
 public:
  std::string_view name() const override { return "reference_statistics"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
