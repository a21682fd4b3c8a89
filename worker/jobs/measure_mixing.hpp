// The learned mixing weights of a model, before the sigmoid: which positions the keys of a layer and head take.
// Negative: those of the block before; positive: their own. Metrics: layer.NNN.head.NNN for every mixed layer,
// mixing_layers.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class MeasureMixingJob final : public ModelJob {
 public:
  std::string_view name() const override { return "measure_mixing"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
