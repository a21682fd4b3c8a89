// Encodes the training images at one token size.
// Params, artifacts and metrics: see the job table of schemas/.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class TokenizeDatasetJob final : public ModelJob {
 public:
  std::string_view name() const override { return "tokenize_dataset"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
