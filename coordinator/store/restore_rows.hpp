// Reads back what the scheduler has to know after a start.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <string>

#include "coordinator/scheduler/events.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {

// All jobs and studies in the order of their numbers, and who is held back. `now` is the scheduler's time, `utc_now`
// the same moment in the database's. Jobs' priorities and prefetching come from the kind (service/kind_traits.hpp) and
// are left alone here. Nobody else may change jobs meanwhile: a large database is read on two connections at once.
// Throws Error(invalid_data) when numbers have gaps.
scheduler::Restored load_scheduler_state(const Store& store, scheduler::Millis now, std::int64_t utc_now);

// The id of the latest study of each name.
std::map<std::string, std::string> load_study_names(SQLite::Database& database);

}  // namespace checkerlab::coordinator
