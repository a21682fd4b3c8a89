// Every metric of a point from its shards, as `checkerlab score` computes them.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "libmodel/evaluation/metrics/evaluate.hpp"
#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

struct MetricRequest {
  std::set<model::Metric> metrics;
  std::int64_t samples = 0;
  std::int64_t is_block = 0;  // rows of a block of the inception score
};

// Reads the inputs shard.NNNN one by one, and `reference`. Metrics of the output by field name ("fid", "precision", …),
// each with its uncertainty where there is one. Throws Error that names what a shard or the reference lacks.
JobOutput score_all(JobCall& call, const MetricRequest& request);

// The metric without block b of the jackknife, "fid.without.00" …: from these the error of a difference between two
// points with the same images' indices can be told.
void add_blocks(JobOutput& output, const std::string& name, const std::vector<double>& without);

}  // namespace checkerlab::worker
