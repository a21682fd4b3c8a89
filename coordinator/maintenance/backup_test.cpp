#include "coordinator/maintenance/backup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/testing/error_of.hpp"
#include "coordinator/maintenance/gc.hpp"
#include "coordinator/maintenance/manifest.hpp"
#include "coordinator/maintenance/testing/lab.hpp"
#include "coordinator/maintenance/verify.hpp"
#include "coordinator/store/database_copy.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::flip_bit;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Lab;
using ::testing::SizeIs;
using testing::tear_page;

class Backup : public ::testing::Test {
 protected:
  BackupOptions options() const { return {.data = lab_.data(), .to = to_}; }
  BackupReport make() { return make_backup(options(), clock_); }
  std::filesystem::path backed_up(const std::string& sha256) const {
    return to_ / "artifacts" / sha256.substr(0, 2) / sha256;
  }
  RestoreOptions restore_to(const std::string& name) const { return {.from = to_, .data = lab_.folder() / name}; }

  Lab lab_;
  const std::filesystem::path to_ = lab_.folder() / "backup";
  ManualClock clock_{UtcTime(std::chrono::milliseconds(1'700'000'000'000))};
};

TEST_F(Backup, ComesBackByteForByte) {
  const BackupReport made = make();
  EXPECT_EQ(made.artifacts, lab_.artifacts());
  EXPECT_EQ(made.new_artifacts, lab_.artifacts());
  EXPECT_TRUE(verify_backup(to_, "").sound());
  const RestoreReport back = restore_backup(restore_to("back"));
  EXPECT_EQ(back.artifacts, lab_.artifacts());
  const VerifyReport checked = verify_data(lab_.folder() / "back");
  EXPECT_THAT(checked.findings, IsEmpty()) << checked.to_text();
  EXPECT_EQ(checked.artifacts, lab_.artifacts());
  Store restored(lab_.folder() / "back" / "checkerlab.db");  // opens as it is, and holds what was there
  EXPECT_EQ(
      restored.read([](SQLite::Database& db) { return db.execAndGet("SELECT COUNT(*) FROM results").getInt64(); }),
      lab_.number("SELECT COUNT(*) FROM results"));
}

TEST_F(Backup, TheSecondBringsOnlyWhatIsNew) {
  make();
  const std::string added = lab_.put("something new");
  lab_.execute_sql("INSERT INTO artifacts VALUES ('" + added +
                   "', 13, 1); INSERT INTO job_artifacts SELECT number, "
                   "'added', '" +
                   added + "' FROM jobs LIMIT 1");
  const BackupReport second = make();
  EXPECT_EQ(second.new_artifacts, 1U);
  EXPECT_EQ(second.artifacts, lab_.artifacts() + 1);
  EXPECT_THAT(BackupFolder{to_}.list(), SizeIs(2));
  for (const auto& name : BackupFolder{to_}.list())
    EXPECT_TRUE(verify_backup(to_, name).sound()) << name;
}

TEST_F(Backup, HardLinksShareTheFile) {
  BackupOptions linked = options();
  linked.hard_links = true;
  make_backup(linked, clock_);
  EXPECT_TRUE(std::filesystem::equivalent(backed_up(lab_.model()), lab_.path_of(lab_.model())));
  EXPECT_TRUE(verify_backup(to_, "").sound());
}

TEST_F(Backup, RefusesADamagedArtifactOrLeavesItOutByName) {
  flip_bit(lab_.path_of(lab_.model()), 3);
  const Error error = error_of([&] { make(); });
  EXPECT_EQ(error.code(), ErrorCode::invalid_data);
  EXPECT_THAT(error.what(), HasSubstr(lab_.model()));
  EXPECT_THAT(BackupFolder{to_}.list(), IsEmpty());
  BackupOptions without = options();
  without.skip_damaged = true;
  EXPECT_THAT(make_backup(without, clock_).damaged, ::testing::ElementsAre(lab_.model()));
  EXPECT_FALSE(std::filesystem::exists(backed_up(lab_.model())));
  EXPECT_THAT(restore_backup(restore_to("back")).damaged, ::testing::ElementsAre(lab_.model()));
}

TEST_F(Backup, RefusesADamagedDatabase) {
  tear_page(lab_.database(), lab_.page_of("jobs"));
  EXPECT_EQ(error_of([&] { make(); }).code(), ErrorCode::invalid_data);
  EXPECT_THAT(BackupFolder{to_}.list(), IsEmpty());
}

TEST_F(Backup, IsConsistentWhileWritesGoOn) {
  Store store(lab_.database());
  store.write_and_wait([](SQLite::Database& db) { db.exec("CREATE TABLE one (x); CREATE TABLE two (x)"); });
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      store.write_and_wait([&](SQLite::Database& db) {
        const std::string row = "(" + std::to_string(i) + ")";
        db.exec("INSERT INTO one VALUES " + row);
        db.exec("INSERT INTO two VALUES " + row);
      });
    }
  });
  std::int64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    const BackupFolder folder{to_};
    const std::string name = make().snapshot;
    SQLite::Database copy(folder.database(name).string(), SQLite::OPEN_READONLY);
    const auto count = copy.execAndGet("SELECT COUNT(*) FROM one").getInt64();
    EXPECT_EQ(copy.execAndGet("SELECT COUNT(*) FROM two").getInt64(), count);
    EXPECT_GE(count, before);
    before = count;
  }
  stop = true;
  writer.join();
  EXPECT_TRUE(verify_backup(to_, "").sound());
}

// Kills the process that backs up when it begins its `step`-th step; false when it had no so many.
bool killed_at(const BackupOptions& options, int step) {
  const pid_t child = ::fork();
  if (child == 0) {
    BackupOptions doomed = options;
    doomed.progress = [left = step](const std::string&) mutable {
      if (left-- == 0) ::kill(::getpid(), SIGKILL);
    };
    const SystemClock clock;
    make_backup(doomed, clock);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST_F(Backup, AKillAtAnyStepLeavesNothingThatLooksWhole) {
  int step = 0;
  for (; killed_at(options(), step); ++step) {
    EXPECT_THAT(BackupFolder{to_}.list(), IsEmpty()) << "killed at step " << step;
    EXPECT_EQ(error_of([&] { restore_backup(restore_to("back")); }).code(), ErrorCode::not_found);
  }
  EXPECT_GT(step, 5);
  EXPECT_THAT(BackupFolder{to_}.list(), SizeIs(1));  // the one that was not killed
  make();
  EXPECT_TRUE(verify_backup(to_, "").sound());
  for (const auto& entry : std::filesystem::directory_iterator(to_ / "snapshots"))
    EXPECT_FALSE(entry.path().filename().string().starts_with('.')) << "left behind: " << entry.path();
}

TEST_F(Backup, ARestoreOverwritesNothing) {
  make();
  std::filesystem::create_directories(lab_.folder() / "full");
  std::ofstream(lab_.folder() / "full" / "mine") << "x";
  EXPECT_EQ(error_of([&] { restore_backup(restore_to("full")); }).code(), ErrorCode::conflict);
  EXPECT_TRUE(std::filesystem::exists(lab_.folder() / "full" / "mine"));
  std::filesystem::create_directories(lab_.folder() / "empty");
  restore_backup(restore_to("empty"));
  EXPECT_TRUE(verify_data(lab_.folder() / "empty").sound());
}

TEST_F(Backup, ADamagedSnapshotIsNotRestoredInPart) {
  const std::string name = make().snapshot;
  const BackupFolder folder{to_};
  const auto refused = [&](const std::string& what) {
    const Error error = error_of([&] { restore_backup(restore_to("back")); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_data) << what;
    EXPECT_FALSE(std::filesystem::exists(lab_.folder() / "back")) << what;
    EXPECT_FALSE(verify_backup(to_, "").sound()) << what;
  };
  flip_bit(backed_up(lab_.model()), 0);
  refused("flipped bit");
  flip_bit(backed_up(lab_.model()), 0);
  std::filesystem::rename(backed_up(lab_.model()), lab_.folder() / "aside");
  refused("missing artifact");
  std::filesystem::rename(lab_.folder() / "aside", backed_up(lab_.model()));
  const auto whole = lab_.folder() / "whole.db";
  std::filesystem::copy_file(folder.database(name), whole);
  const auto pages = static_cast<std::streamoff>(std::filesystem::file_size(whole) / 4096);
  for (std::streamoff page = 0; page < pages; ++page) {
    tear_page(folder.database(name), page);
    refused("torn page " + std::to_string(page));
    std::filesystem::copy_file(whole, folder.database(name), std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::resize_file(folder.database(name), 8192);
  refused("truncated database");
}

TEST_F(Backup, UnknownPlacesAreNamed) {
  EXPECT_EQ(error_of([&] { make_backup({.data = lab_.folder(), .to = to_}, clock_); }).code(), ErrorCode::not_found);
  EXPECT_EQ(error_of([&] { make_backup({.data = lab_.data(), .to = lab_.data() / "b"}, clock_); }).code(),
            ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { restore_backup({.from = lab_.folder(), .data = lab_.folder() / "x"}); }).code(),
            ErrorCode::not_found);
  make();
  RestoreOptions other = restore_to("back");
  other.snapshot = "1999";
  EXPECT_THAT(error_of([&] { restore_backup(other); }).fix(), HasSubstr("The latest is"));
}

}  // namespace
}  // namespace checkerlab::coordinator
