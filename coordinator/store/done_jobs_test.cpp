#include "coordinator/store/done_jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kJobs = 9;

std::string key_of(std::int64_t number) {
  return std::string(63, '0') + std::to_string(number);
}

// The third and the sixth are not done; from the fifth on another kind comes first.
void fill(SQLite::Database& database) {
  for (std::int64_t number = 1; number <= kJobs; ++number) {
    execute(database,
            "INSERT INTO jobs (number, key, kind, label, spec, hints, state, attempt, tries, losses, preemptions, "
            "created_at, changed_at) VALUES (?1, ?2, ?3, '', '{}', '{}', ?4, ?1, 1, 2, 300, 0, 0)",
            number, key_of(number), (number % 2 == 0) == (number < 5) ? "train_model" : "score_point",
            number % 3 == 0 && number < 9 ? "queued" : "succeeded");
  }
}

std::vector<std::string> told(const scheduler::Restored& restored) {
  std::vector<std::string> lines;
  for (const scheduler::RestoredDone& job : restored.done) {
    lines.push_back(scheduler::to_hex(job.key).substr(63) + " " + restored.kinds.at(job.kind) + " " +
                    std::to_string(job.attempt) + " " + std::to_string(job.tries) + std::to_string(job.losses) +
                    std::to_string(job.preemptions));
  }
  return lines;
}

TEST(DoneJobs, AreReadInOnePieceOrInSeveral) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  store.write_and_wait(fill);
  scheduler::Restored whole;
  scheduler::Restored pieces;
  store.read([&](SQLite::Database& database) {
    append_done_jobs(read_done_jobs(database, 0, kJobs), whole);
    append_done_jobs(read_done_jobs(database, 0, 4), pieces);
    append_done_jobs(read_done_jobs(database, 4, kJobs), pieces);
  });
  EXPECT_THAT(told(whole), ElementsAre("1 score_point 1 12300", "2 train_model 2 12300", "4 train_model 4 12300",
                                       "5 train_model 5 12300", "7 train_model 7 12300", "8 score_point 8 12300",
                                       "9 train_model 9 12300"));
  EXPECT_EQ(told(pieces), told(whole));
  EXPECT_THAT(pieces.kinds, ElementsAre("score_point", "train_model"));
}

}  // namespace
}  // namespace checkerlab::coordinator
