// Where jobs stand in a list of jobs: failed ones first, then by state (the column rank), within a state by number.
//
// The list of one study costs about the same beside a million jobs of others: states that none of its jobs is in are
// passed over, and within a state only numbers between its first and its last job are looked at.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

struct JobPlace {
  std::int64_t rank = -1;
  std::int64_t number = 0;
};

struct PlaceFilter {
  std::optional<std::int64_t> study;
  std::string state;  // empty: all
  std::string kind;   // empty: all
};

// The first `limit` places after `after`; of a default one: from the beginning.
std::vector<JobPlace> job_places(SQLite::Database& database, const PlaceFilter& filter, const JobPlace& after,
                                 std::int64_t limit);

}  // namespace checkerlab::coordinator
