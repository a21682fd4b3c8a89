// Reads back what the scheduler has to know after a start.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>

#include "coordinator/scheduler/events.hpp"

namespace checkerlab::coordinator {

// All jobs and studies in the order of their numbers. `now` is the scheduler's time. Priorities and prefetching come
// from the kind (service/kind_traits.hpp) and are left alone here. Throws Error(invalid_data) when numbers have gaps.
scheduler::Restored load_scheduler_state(SQLite::Database& database, scheduler::Millis now);

// The id of the latest study of each name.
std::map<std::string, std::string> load_study_names(SQLite::Database& database);

}  // namespace checkerlab::coordinator
