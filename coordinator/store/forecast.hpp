// What is left of a study, in time: reckoned from how long like jobs took, with what it lies between nine times in ten.
// Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

// A job that was done. `work` is how much there was to do, in any unit that all jobs of its stage share.
struct LikeJob {
  double seconds = 0;
  double work = 1;
  bool gpu = false;
  double ranks = 1;  // workers that did it together
};

// Jobs of one kind that are not done yet, and those that tell how long they take.
struct OpenStage {
  std::string kind;
  double jobs = 0;  // of one that runs, what is left of it
  double work = 1;  // of one job, on average
  std::vector<LikeJob> like;
  std::string of;  // whose those jobs were: "study", "others" or "none"
};

// The schema Forecast of the API. `slots`: that take work now.
nlohmann::json forecast_document(const std::vector<OpenStage>& stages, std::int64_t slots);

}  // namespace checkerlab::coordinator
