// Brings a data set into one file
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class ImportDatasetJob final : public ModelJob {
 public:
  std::string_view name() const override { return "import_dataset"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
