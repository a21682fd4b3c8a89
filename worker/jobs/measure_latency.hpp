// How long a whole sampling call takes, from labels to pixels, on the device that the worker computes on.
// Metrics: median_seconds, lower_quartile, upper_quartile (linear between order statistics) over `repeats` calls after
// `warmup` others, each with the device synchronised before and after; total_steps. Identity: device.
#pragma once

#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

class MeasureLatencyJob final : public ModelJob {
 public:
  std::string_view name() const override { return "measure_latency"; }

 protected:
  JobOutput work(JobCall& call) override;
};

}  // namespace checkerlab::worker
