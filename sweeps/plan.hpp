// A study as a graph of jobs named by content keys, and the points it measures.
// Pure and deterministic: equal definitions give equal plans; names, titles, batch hints and paths never change a key.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "sweeps/definition.hpp"
#include "sweeps/given_files.hpp"

namespace checkerlab::sweeps {

// A job's input: what it is used as ("dataset", "tokens.016", "shard.0003") and the key of the job that makes it.
struct Input {
  std::string role;
  JobKey key;
};

// spec = {"kind", "recipe", "inputs": {role: key}, "params": {…}} and key = sha256_hex(canonical_json(spec)).
// `hints` (path, batch, label, placement) help whoever runs the job and are not in the key. `inputs` repeats
// spec.inputs, sorted by role.
struct Job {
  JobKey key;
  std::string kind;
  nlohmann::json spec;
  nlohmann::json hints;
  std::string label;
  std::vector<Input> inputs;
};

// One measurement: a model sampled one way, N images, one seed.
struct Point {
  JobKey score_key;
  JobKey model_key;
  std::string ratio;  // canonical text: "sqrt2", "2", "single"; with what tells several models of it apart
  std::optional<double> ratio_value;  // none for "single"
  std::vector<int> sizes;             // sides of the scales, ascending
  int steps_per_scale = 0;            // as asked for in the definition
  int total_steps = 0;                // steps really taken: Σ over scales of ⌈n²/block⌉
  double guidance = 0;
  int guidance_start_step = 0;
  std::int64_t seed = 0;
  std::int64_t samples = 0;
};

struct SampleGrid {
  JobKey key;
  JobKey model_key;
  std::string ratio;
};

// Jobs stand after all their inputs, each key once.
struct Plan {
  std::vector<Job> jobs;
  std::vector<Point> points;
  std::vector<Point> screens;  // of a guidance search, with fewer images: never results
  std::vector<SampleGrid> sample_grids;
};

// What is known about a data set of files before it is imported; the caller has read and hashed the files.
struct DatasetContent {
  std::string path;            // absolute; becomes a hint
  std::string content_sha256;  // 64 hex digits; part of the key
  std::int64_t images = 0;     // training images; 0 when not counted
};

// Limits of one study; a larger one is refused by parse_study and plan_study with the number and the limit.
inline constexpr std::int64_t kMaxPoints = 100'000;
inline constexpr std::int64_t kMaxJobs = 1'000'000;

// A study that searches for guidance gets its first screens only; sweeps/search tells what comes next.
// Throws Error when the data set is of kind `files` and `content` is missing or does not fit the definition
// (malformed hash, a batch larger than the number of images), or a file that the definition names is not in `files`.
Plan plan_study(const StudyDefinition& study, const std::optional<DatasetContent>& content = std::nullopt,
                const std::vector<GivenFile>& files = {});

// A job that does nothing, for tests and scheduler benchmarks. `mode`: "ok", "fail", "crash", "hang", "steps".
Job noop_job(std::int64_t index, const std::string& mode, std::int64_t steps);

// The numbers a dry run prints.
struct PlanSummary {
  std::map<std::string, std::int64_t> jobs_by_kind;
  std::int64_t jobs = 0;
  std::int64_t points = 0;
  std::int64_t screens = 0;
  std::int64_t models = 0;
  std::int64_t images = 0;  // samples drawn over all points
};

PlanSummary summarize(const Plan& plan);

}  // namespace checkerlab::sweeps
