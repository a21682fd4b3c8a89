#include "coordinator/store/job_places.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

// By rank, as the table jobs has it.
constexpr std::array<std::string_view, 6> kStates{"failed", "running", "queued", "blocked", "cancelled", "succeeded"};

struct Span {
  std::int64_t first = 1;
  std::int64_t last = INT64_MAX;
  std::array<bool, kStates.size()> has{true, true, true, true, true, true};  // jobs in the state of this rank
};

Span span_of(SQLite::Database& database, std::int64_t study) {
  Span span{0, -1, {}};
  for_each_row(
      database,
      "SELECT COALESCE((SELECT MIN(job) FROM study_jobs WHERE study = ?1), 0), "
      "COALESCE((SELECT MAX(job) FROM study_jobs WHERE study = ?1), -1), SUM(failed), SUM(running), SUM(queued), "
      "SUM(blocked), SUM(cancelled), SUM(succeeded) FROM study_stages WHERE study = ?1",
      [&](SQLite::Statement& row) {
        span.first = row.getColumn(0).getInt64();
        span.last = row.getColumn(1).getInt64();
        for (std::size_t rank = 0; rank < kStates.size(); ++rank)
          span.has.at(rank) = row.getColumn(static_cast<int>(rank) + 2).getInt64() > 0;
      },
      study);
  return span;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

std::vector<JobPlace> job_places(SQLite::Database& database, const PlaceFilter& filter, const JobPlace& after,
                                 std::int64_t limit) {
  const Span span = filter.study ? span_of(database, *filter.study) : Span{};
  std::vector<JobPlace> places;
  for (std::int64_t rank = std::max<std::int64_t>(after.rank, 0); rank < std::ssize(kStates); ++rank) {
    const auto place = static_cast<std::size_t>(rank);
    if (!span.has.at(place) || (!filter.state.empty() && filter.state != kStates.at(place))) continue;
    const std::int64_t before = rank == after.rank ? std::max(span.first - 1, after.number) : span.first - 1;
    for_each_row(
        database,
        "SELECT number FROM jobs WHERE rank = ?1 AND number > ?2 AND number <= ?3 AND (?4 IS NULL OR kind = ?4) AND "
        "(?5 IS NULL OR EXISTS (SELECT 1 FROM study_jobs WHERE study = ?5 AND job = number)) ORDER BY number LIMIT ?6",
        [&](SQLite::Statement& row) {
          places.push_back({rank, row.getColumn(0).getInt64()});
        },
        rank, before, span.last, unless_empty(filter.kind), filter.study, limit - std::ssize(places));
    if (std::ssize(places) >= limit) break;
  }
  return places;
}

}  // namespace checkerlab::coordinator
