// One timeline of a job over all its attempts, from what its rows say about times. Works on any connection; throws
// SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>

namespace checkerlab::coordinator {

// {key, kind, label, state, now, spans, events} in the order of time.
//
// Spans cover the job's life: blocked (waits for inputs), queued (could run), fetching (the worker fetches inputs; also
// what lies between the assignment and the beginning where nothing was to be fetched), waiting (at the worker, for its
// turn), running. A span that goes on has no end. `now` in milliseconds is only handed through.
nlohmann::json timeline_document(SQLite::Database& database, std::int64_t job, std::int64_t now);

}  // namespace checkerlab::coordinator
