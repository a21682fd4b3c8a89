// What a study would cost: jobs, images, time on the workers, disk. Pure: from the definition and rates, without any
// data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweeps/plan.hpp"
#include "sweeps/rates.hpp"

namespace checkerlab::sweeps {

struct StageEstimate {
  std::string kind;
  std::int64_t jobs = 0;
  double images = 0;                  // or calls, or points; of the jobs whose number is known
  std::optional<double> seconds = 0;  // of one worker; nothing when a rate or a number is missing
  double bytes = 0;
  std::vector<Rate> rates;  // that it is reckoned with
  std::string missing;      // what is not known, for people; empty when all is
};

struct StudyEstimate {
  std::vector<StageEstimate> stages;  // in the order in which a study runs them
  double seconds = 0;                 // of one worker, of the stages that are known
  double longest_seconds = 0;         // of the longest chain of jobs that wait for one another
  double bytes = 0;
  bool complete = true;  // no stage is unknown

  // With so many workers: no shorter than the longest chain.
  double wall_seconds(int workers) const;
};

// A plan of the study as it would be with its files, for counting alone: keys are those of made-up content. Of a search
// for guidance the whole grid: what it costs at most.
Plan plan_without_files(const StudyDefinition& study);

StudyEstimate estimate(const StudyDefinition& study, const Plan& plan, std::span<const Rate> rates);

}  // namespace checkerlab::sweeps
