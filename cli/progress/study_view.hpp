// What a person is shown of a study while it runs. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace checkerlab::cli {

struct StageView {
  std::string kind;
  long long total = 0;
  long long done = 0;
  long long failed = 0;
  long long running = 0;
  double share = 0;  // of the stage that is done, 0…1, with the parts of the jobs that run now
  std::optional<double> rate_per_second;
  std::optional<double> eta_seconds;
  std::string message;  // what the job that reported last is doing

  bool finished() const { return done + failed >= total; }
};

struct StudyView {
  std::string id;
  std::string name;
  std::string title;
  std::string state;  // queued, running, succeeded, failed, cancelled
  bool paused = false;
  long long jobs_total = 0;
  long long jobs_done = 0;
  long long jobs_failed = 0;
  std::vector<StageView> stages;

  bool finished() const { return state == "succeeded" || state == "failed" || state == "cancelled"; }
};

}  // namespace checkerlab::cli
