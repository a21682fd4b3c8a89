// Draws a sheet of samples, one row a class, as a PNG.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class SampleGridJob final : public ModelJob {
 public:
  std::string_view name() const override { return "sample_grid"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
