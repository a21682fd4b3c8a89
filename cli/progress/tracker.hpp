// Follows one study: takes snapshots and events as the API gives them, and tells what to show. Pure: no clock, no
// sockets. Not thread-safe. Broken documents throw Error(invalid_data).
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/progress/study_view.hpp"

namespace checkerlab::cli {

class StudyTracker {
 public:
  using Json = nlohmann::json;

  // The study as GET /studies/{id} gives it.
  void set_study(const Json& study);

  // The jobs that run now, as GET /jobs?state=running gives them; those known before are forgotten.
  void set_running_jobs(const Json& jobs);

  // One event of the stream. Events of other studies and of unknown types change nothing.
  void apply(std::string_view type, const Json& event);

  [[nodiscard]] StudyView view() const;
  // The study's document as it came last.
  [[nodiscard]] const Json& study() const { return study_; }

 private:
  struct RunningJob {
    std::string kind;
    double share = 0;
    std::string message;
    long long updated = 0;  // counts updates: the job with the largest one reported last
  };

  void apply_job(const Json& job);
  void apply_progress(RunningJob& job, const Json& progress);
  [[nodiscard]] StageView stage_view(const Json& stage) const;

  Json study_ = Json::object();
  std::map<std::string, RunningJob> running_;  // by key
  long long updates_ = 0;
};

}  // namespace checkerlab::cli
