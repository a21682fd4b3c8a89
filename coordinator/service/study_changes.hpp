// What people ask to change about a study that is there, and what came of it. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace checkerlab::coordinator {

struct ReviseOutcome {
  std::string study_id;
  std::int64_t revision = 1;        // the study's present one; unchanged when the definition said nothing new
  std::int64_t jobs_total = 0;      // of the study afterwards
  std::int64_t jobs_added = 0;      // that it did not have
  std::int64_t jobs_removed = 0;    // that it has no more
  std::int64_t jobs_shared = 0;     // that it keeps
  std::int64_t jobs_new = 0;        // of those added: that nobody had asked for before
  std::int64_t jobs_done = 0;       // of those added: whose result was known already
  std::int64_t jobs_cancelled = 0;  // of those removed: that waited or ran, and nobody else needs
};

// Which jobs start afresh: those named, or all that failed, were cancelled, or both. Never one that succeeded.
struct RerunRequest {
  bool failed = false;
  bool cancelled = false;
  std::vector<JobKey> jobs;
};

struct RerunOutcome {
  std::string study_id;
  std::int64_t started = 0;    // jobs that start afresh
  std::int64_t revived = 0;    // jobs that waited in vain for them and may run now
  std::int64_t succeeded = 0;  // jobs of the study that are done, left alone
  std::int64_t open = 0;       // jobs of the study that run or will run, these among them
};

struct PauseRequest {
  bool paused = true;
  bool stop_running = false;  // take running attempts back; their jobs go on from the last checkpoint
};

struct PauseOutcome {
  std::string study_id;
  std::int64_t running = 0;     // attempts of its jobs that go on
  std::int64_t taken_back = 0;  // attempts that were taken back
};

}  // namespace checkerlab::coordinator
