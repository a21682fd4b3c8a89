// How uncertain a model is in each step of sampling: the entropy in nats of the distributions that tokens are drawn
// from, over `samples` samples, and of the first `shown` ones each by itself. Metrics: step.NNNN.{mean, lower_quartile,
// median, upper_quartile, side, tokens}; sample.NNNN.step.NNNN, the mean over the tokens of a step. Artifacts, where
// samples are shown: `maps` (PNG, a row a sample: its image and the map of every scale) and `entropy` (safetensors:
// entropy_SSS [shown, S, S] fp32 and steps_SSS [S, S] of every scale of side S).
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class MeasureEntropyJob final : public ModelJob {
 public:
  std::string_view name() const override { return "measure_entropy"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
