// Feature statistics of what samples are compared with: the data set's own images, or a file with moments or images.
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
