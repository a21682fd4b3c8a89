// Takes a file that is there over into a study: a tokenizer, a model, a model to start from, a feature network. What
// can be read is written in this project's form; a network is kept byte for byte. Artifacts: `tokenizer`, `model` or
// `network`. Metrics of a model: parameters, layers, mixing_layers.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class ImportFileJob final : public ModelJob {
 public:
  std::string_view name() const override { return "import_file"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
