#include "coordinator/store/done_jobs.hpp"

#include <algorithm>
#include <string_view>

#include "coordinator/store/raw_rows.hpp"

namespace checkerlab::coordinator {
namespace {

std::uint32_t number_of(std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  const auto number = static_cast<std::uint32_t>(found - names.begin());
  if (found == names.end()) names.emplace_back(name);
  return number;
}

}  // namespace

DoneJobs read_done_jobs(SQLite::Database& database, std::int64_t after, std::int64_t last) {
  DoneJobs done;
  done.jobs.reserve(static_cast<std::size_t>(std::max<std::int64_t>(last - after, 0)));
  // The plus keeps SQLite from going through the index, whose order is the same and which lacks the rest of the row.
  for_each_raw_row(
      database,
      "SELECT key, kind, attempt, tries, losses, preemptions FROM jobs WHERE +rank = 5 AND number > ? AND number <= ? "
      "ORDER BY number",
      [&](sqlite3_stmt* row) {
        done.jobs.push_back({scheduler::parse_key(raw_text(row, 0)), number_of(done.kinds, raw_text(row, 1)),
                             static_cast<std::uint32_t>(sqlite3_column_int64(row, 2)),
                             static_cast<std::uint16_t>(sqlite3_column_int(row, 5)),
                             static_cast<std::uint8_t>(sqlite3_column_int(row, 3)),
                             static_cast<std::uint8_t>(sqlite3_column_int(row, 4))});
      },
      after, last);
  return done;
}

void append_done_jobs(DoneJobs jobs, scheduler::Restored& restored) {
  std::vector<std::uint32_t> kinds;
  for (const std::string& kind : jobs.kinds)
    kinds.push_back(number_of(restored.kinds, kind));
  restored.done.reserve(restored.done.size() + jobs.jobs.size());
  for (scheduler::RestoredDone& job : jobs.jobs) {
    job.kind = kinds.at(job.kind);
    restored.done.push_back(job);
  }
}

}  // namespace checkerlab::coordinator
