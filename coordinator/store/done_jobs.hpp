// The jobs that have their results, as the scheduler remembers them: most of a long-lived database, and most of what a
// start has to read.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/scheduler/events.hpp"

namespace checkerlab::coordinator {

struct DoneJobs {
  std::vector<scheduler::RestoredDone> jobs;  // in the order of their numbers
  std::vector<std::string> kinds;
};

// Those with a number above `after` and not above `last`, in one pass over the table.
DoneJobs read_done_jobs(SQLite::Database& database, std::int64_t after, std::int64_t last);

// Puts them behind those that are there.
void append_done_jobs(DoneJobs jobs, scheduler::Restored& restored);

}  // namespace checkerlab::coordinator
