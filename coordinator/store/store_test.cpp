#include "coordinator/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <numeric>

#include "base/error.hpp"
#include "base/files.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::ElementsAre;

void insert_row(SQLite::Database& database, const std::string& name) {
  execute(database, "INSERT INTO artifacts (sha256, bytes, created_at) VALUES (?, 1, 1)", name);
}

int count_rows(const Store& store) {
  return store.read(
      [](SQLite::Database& database) { return database.execAndGet("SELECT COUNT(*) FROM artifacts").getInt(); });
}

ErrorCode code_of(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const Error& thrown) {
    return thrown.code();
  }
  ADD_FAILURE() << "no Error";
  return ErrorCode::internal;
}

TEST(Store, IsDurableInItsSettings) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  store.write_and_wait([](SQLite::Database& database) {
    EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
    EXPECT_EQ(database.execAndGet("PRAGMA synchronous").getInt(), 2);
    EXPECT_EQ(database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
  });
}

TEST(Store, WhatWasAcknowledgedIsThereForOthers) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  std::promise<int> seen;
  // A connection of its own sees the row as soon as `done` runs: it was committed before.
  store.write([](SQLite::Database& database) { insert_row(database, "a"); },
              [&](std::exception_ptr error) {
                EXPECT_FALSE(error);
                SQLite::Database other((folder.path() / "a.db").string(), SQLite::OPEN_READONLY);
                seen.set_value(other.execAndGet("SELECT COUNT(*) FROM artifacts").getInt());
              });
  EXPECT_EQ(seen.get_future().get(), 1);
}

// Keeps the writer busy until opened, so that what is written meanwhile becomes one batch.
class Gate {
 public:
  explicit Gate(Store& store) {
    store.write(
        [this](SQLite::Database&) {
          entered_.set_value();
          opened_.get_future().wait();
        },
        nullptr);
    entered_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

TEST(Store, CommitsManyChangesTogetherInOrder) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  Gate gate(store);
  std::atomic<int> done = 0;
  std::atomic<bool> all_there_at_first_done = false;
  for (int i = 0; i < 500; ++i) {
    store.write([i](SQLite::Database& database) { insert_row(database, std::to_string(i)); },
                [&](std::exception_ptr error) {
                  EXPECT_FALSE(error);
                  if (done++ == 0) all_there_at_first_done = count_rows(store) == 500;
                });
  }
  gate.open();
  store.flush();
  EXPECT_EQ(done, 500);
  EXPECT_TRUE(all_there_at_first_done);  // one transaction for all that waited
}

TEST(Store, AChangeThatFailsIsUndoneAlone) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  store.write([](SQLite::Database& database) { insert_row(database, "before"); }, nullptr);
  std::exception_ptr failure;
  store.write(
      [](SQLite::Database& database) {
        insert_row(database, "half");
        throw Error(ErrorCode::conflict, "no");
      },
      [&](std::exception_ptr error) { failure = error; });
  store.write([](SQLite::Database& database) { insert_row(database, "after"); }, nullptr);
  store.flush();
  EXPECT_EQ(code_of(failure), ErrorCode::conflict);
  EXPECT_EQ(count_rows(store), 2);
}

TEST(Store, AChangeThatFailsTakesOnlyThoseOfItsSeriesAfterItAlong) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  Gate gate(store);
  const int series = 0;
  std::vector<std::string> refused;
  const auto write = [&](const std::string& name, const void* of, bool fails = false) {
    store.write(
        [name, fails](SQLite::Database& database) {
          insert_row(database, name);
          if (fails) throw Error(ErrorCode::conflict, "no");
        },
        [&refused, name](std::exception_ptr error) {
          if (error) refused.push_back(name);
        },
        {.series = of});
  };
  write("first", &series);
  write("fails", &series, true);
  write("builds on it", &series);
  write("another's", nullptr);
  write("fails alone", nullptr, true);
  write("one more", nullptr);
  gate.open();
  store.flush();
  EXPECT_THAT(refused, ElementsAre("fails", "builds on it", "fails alone"));
  EXPECT_EQ(count_rows(store), 3);
}

std::uint64_t commits(const Store& store) {
  const auto counts = store.metrics().commit_changes.counts();
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST(Store, WhatIsWrittenInPassingGoesAlongWithTheNextChange) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  Gate gate(store);
  std::vector<std::string> done;
  const auto write = [&](const std::string& name, bool in_passing) {
    store.write([name](SQLite::Database& database) { insert_row(database, name); },
                [&done, name](std::exception_ptr error) {
                  EXPECT_FALSE(error);
                  done.push_back(name);
                },
                {.in_passing = in_passing});
  };
  write("in passing", true);
  write("waited for", false);
  const auto before = commits(store);
  gate.open();
  store.flush();
  EXPECT_THAT(done, ElementsAre("in passing", "waited for"));
  EXPECT_EQ(commits(store) - before, 2U) << "the gate's, and one for both";
}

TEST(Store, WhatIsWrittenInPassingIsWrittenAlsoWhenNothingFollows) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  std::promise<int> rows;
  store.write([](SQLite::Database& database) { insert_row(database, "alone"); },
              [&](std::exception_ptr error) { rows.set_value(error ? -1 : count_rows(store)); }, {.in_passing = true});
  EXPECT_EQ(rows.get_future().get(), 1);
}

TEST(Store, ForeignKeysAreChecked) {
  const TemporaryFolder folder;
  Store store(folder.path() / "a.db");
  EXPECT_THROW(store.write_and_wait([](SQLite::Database& database) {
    database.exec("INSERT INTO study_jobs (study, job) VALUES (1, 1)");
  }),
               Error);
}

TEST(Store, ReadersCannotWrite) {
  const TemporaryFolder folder;
  const Store store(folder.path() / "a.db");
  EXPECT_THROW(store.read([](SQLite::Database& database) { database.exec("DELETE FROM jobs"); }), Error);
}

TEST(Store, AFullDiskIsAClearErrorAndNothingIsAcknowledged) {
  const TemporaryFolder folder;
  StoreOptions options;
  options.max_page_count = 120;
  Store store(folder.path() / "a.db", options);
  int acknowledged = 0;
  std::exception_ptr failure;
  for (int i = 0; i < 200; ++i) {
    store.write([i](SQLite::Database& database) { insert_row(database, std::to_string(i) + std::string(4'000, 'x')); },
                [&](std::exception_ptr error) {
                  if (error) {
                    failure = error;
                  } else {
                    ++acknowledged;
                  }
                });
    store.flush();
  }
  EXPECT_EQ(code_of(failure), ErrorCode::disk_full);
  EXPECT_GT(acknowledged, 0);
  EXPECT_EQ(count_rows(store), acknowledged);
  store.write_and_wait([](SQLite::Database& database) { database.exec("DELETE FROM artifacts"); });
  EXPECT_EQ(count_rows(store), 0);  // it goes on when there is room
}

TEST(Store, KeepsWhatWasWrittenOverReopening) {
  const TemporaryFolder folder;
  {
    Store store(folder.path() / "a.db");
    store.write([](SQLite::Database& database) { insert_row(database, "a"); }, nullptr);
  }
  EXPECT_EQ(count_rows(Store(folder.path() / "a.db")), 1);
}

}  // namespace
}  // namespace checkerlab::coordinator
