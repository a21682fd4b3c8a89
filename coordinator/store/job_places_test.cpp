#include "coordinator/store/job_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/files.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::IsEmpty;

constexpr std::array<const char*, 6> kStates{"failed", "running", "queued", "blocked", "cancelled", "succeeded"};
constexpr int kJobs = 120;

// Jobs of every state and two kinds. Study 1 has every third, from the tenth to the hundredth, and none that is queued;
// study 2 has all others.
void fill(SQLite::Database& database) {
  for (const std::int64_t study : {1, 2}) {
    execute(database,
            "INSERT INTO studies (number, id, name, title, definition, filename, overrides, state, jobs_total, "
            "points_total, created_at) VALUES (?1, ?2, ?2, '', '', '', '[]', 'running', 0, 0, 0)",
            study, "s" + std::to_string(study));
  }
  for (std::int64_t number = 1; number <= kJobs; ++number) {
    const bool first = number >= 10 && number <= 100 && number % 3 == 0;
    std::string state = kStates.at(static_cast<std::size_t>(number * 7 % 6));
    if (first && state == "queued") state = "blocked";
    execute(database,
            "INSERT INTO jobs (number, key, kind, label, spec, hints, state, created_at, changed_at) "
            "VALUES (?1, ?2, ?3, '', '{}', '{}', ?4, 0, 0)",
            number, "k" + std::to_string(number), number % 2 == 0 ? "train" : "score", state);
    execute(database, "INSERT INTO study_jobs (study, job) VALUES (?, ?)", std::int64_t{first ? 1 : 2}, number);
  }
  database.exec(
      "INSERT INTO study_stages (study, kind, position, total, blocked, queued, running, succeeded, failed, cancelled) "
      "SELECT study, kind, MIN(number), COUNT(*), SUM(state = 'blocked'), SUM(state = 'queued'), SUM(state = "
      "'running'), SUM(state = 'succeeded'), SUM(state = 'failed'), SUM(state = 'cancelled') "
      "FROM study_jobs JOIN jobs ON number = job GROUP BY study, kind");
}

using Place = std::pair<std::int64_t, std::int64_t>;

std::vector<Place> plainly(SQLite::Database& database, const PlaceFilter& filter) {
  std::vector<Place> places;
  for_each_row(
      database,
      "SELECT rank, number FROM jobs JOIN study_jobs ON job = number WHERE (?1 IS NULL OR study = ?1) AND "
      "(?2 = '' OR state = ?2) AND (?3 = '' OR kind = ?3) ORDER BY rank, number",
      [&](SQLite::Statement& row) { places.emplace_back(row.getColumn(0).getInt64(), row.getColumn(1).getInt64()); },
      filter.study, filter.state, filter.kind);
  return places;
}

std::vector<Place> by_pages(SQLite::Database& database, const PlaceFilter& filter, std::int64_t limit) {
  std::vector<Place> places;
  JobPlace after;
  while (true) {
    const auto page = job_places(database, filter, after, limit);
    if (page.empty()) return places;
    EXPECT_LE(std::ssize(page), limit);
    for (const JobPlace& place : page)
      places.emplace_back(place.rank, place.number);
    after = page.back();
  }
}

TEST(JobPlaces, PagesTogetherAreTheListThatAPlainQueryGives) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  store.write_and_wait(fill);
  store.read([](SQLite::Database& database) {
    const std::array<std::optional<std::int64_t>, 3> studies{std::nullopt, 1, 2};
    for (const auto& study : studies) {
      for (const char* state : {"", "failed", "queued", "succeeded"}) {
        for (const char* kind : {"", "train"}) {
          const PlaceFilter filter{study, state, kind};
          const auto expected = plainly(database, filter);
          for (const std::int64_t limit : {1, 7, 1'000})
            EXPECT_EQ(by_pages(database, filter, limit), expected) << study.value_or(0) << state << kind << limit;
        }
      }
    }
    EXPECT_THAT(job_places(database, {1, "queued", ""}, {}, 10), IsEmpty());
  });
}

TEST(JobPlaces, AStudyWithoutJobsAndACursorFromBeyondTheEndGiveNothing) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  store.write_and_wait(fill);
  store.read([](SQLite::Database& database) {
    EXPECT_THAT(job_places(database, {3, "", ""}, {}, 10), IsEmpty());
    EXPECT_THAT(job_places(database, {1, "", ""}, {5, INT64_MAX}, 10), IsEmpty());
    EXPECT_THAT(job_places(database, {std::nullopt, "", ""}, {INT64_MAX, 0}, 10), IsEmpty());
  });
}

}  // namespace
}  // namespace checkerlab::coordinator
