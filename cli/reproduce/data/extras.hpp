// Times, entropies, mixing weights and sample sheets of studies. A coordinator that is older than a view gives nothing.
#pragma once

#include <string>
#include <vector>

#include "cli/reproduce/claims/entropy_claim.hpp"
#include "cli/reproduce/data/ask.hpp"

namespace checkerlab::cli::reproduce {

// How long one sampling call takes, decoding included.
struct Latency {
  std::string study_id, model_key;
  long long steps_per_scale = 0, guidance_start_step = 0, batch = 0;
  double guidance = 0;
  double median = 0, lower_quartile = 0, upper_quartile = 0;  // seconds
  std::string device, precision;
};

std::vector<Latency> read_latencies(const Ask& ask, const std::vector<std::string>& study_ids);

// The entropies of one model at one way of sampling. Nats.
struct EntropyRun {
  std::string study, study_id, job_key, ratio;
  long long steps_per_scale = 0;
  double guidance = 0;
  std::vector<EntropyStep> steps;
};

// One sample's mean entropy in one step.
struct SampleEntropy {
  long long sample = 0, step = 0, side = 0;
  double mean = 0;
};

struct SampleEntropies {
  EntropyRun run;  // without steps
  std::vector<SampleEntropy> values;
};

std::vector<EntropyRun> read_entropies(const Ask& ask, const std::vector<std::string>& study_ids);
std::vector<SampleEntropies> read_sample_entropies(const Ask& ask, const std::vector<std::string>& study_ids);

struct MixingWeight {
  std::string study, study_id, ratio;
  long long mixing_layers = 0, layer = 0, head = 0;
  double weight = 0;  // before the sigmoid
};

std::vector<MixingWeight> read_mixing_weights(const Ask& ask, const std::vector<std::string>& study_ids);

// A picture that a job made.
struct SheetArtifact {
  std::string study, study_id, ratio, name, sha256, job_key;
  long long steps_per_scale = 0;
  double guidance = 0;
};

// Artifact `name` of the finished jobs of `kind`, which have a model as input.
std::vector<SheetArtifact> read_sheets(const Ask& ask, const std::vector<std::string>& study_ids,
                                       const std::string& kind, const std::string& name);

}  // namespace checkerlab::cli::reproduce
