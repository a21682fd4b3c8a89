#include "coordinator/maintenance/gc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "coordinator/app/data_directory.hpp"
#include "coordinator/maintenance/testing/lab.hpp"
#include "coordinator/maintenance/verify.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;
using testing::Lab;
using namespace std::chrono_literals;

void make_old(const fs::path& file, std::chrono::hours age) {
  fs::last_write_time(file, fs::file_time_type::clock::now() - age);
}

class Gc : public ::testing::Test {
 protected:
  Gc() { lab_.execute_sql("UPDATE jobs SET state = 'queued' WHERE state = 'running'"); }

  GcReport collect(bool remove) { return collect_garbage({.data = lab_.data(), .remove = remove}, clock_); }
  std::vector<std::string> garbage(const GcReport& report) {
    std::vector<std::string> names;
    for (const Garbage& one : report.garbage)
      names.push_back(one.path.filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  Lab lab_;
  SystemClock clock_;
};

TEST_F(Gc, ADryRunTouchesNothing) {
  const GcReport report = collect(false);
  EXPECT_THAT(garbage(report), ::testing::ElementsAre(lab_.superseded_checkpoint()));
  EXPECT_FALSE(report.removed);
  EXPECT_TRUE(fs::exists(lab_.path_of(lab_.superseded_checkpoint())));
}

TEST_F(Gc, RemovesWhatNothingNeedsAndOnlyThat) {
  const std::string young = lab_.put("just sent");
  const std::string old = lab_.put("left by an attempt of last week");
  make_old(lab_.path_of(old), 200h);
  fs::create_directories(lab_.data() / "artifacts" / "incoming");
  for (const char* name : {"half-old", "half-young"})
    std::ofstream(lab_.data() / "artifacts" / "incoming" / name) << "x";
  make_old(lab_.data() / "artifacts" / "incoming" / "half-old", 200h);
  std::ofstream(lab_.data() / "coordinator.json.tmp-abc") << "x";
  make_old(lab_.data() / "coordinator.json.tmp-abc", 200h);
  std::ofstream(lab_.data() / "artifacts" / "notes.txt") << "mine";
  make_old(lab_.data() / "artifacts" / "notes.txt", 2000h);

  std::vector<std::string> expected{lab_.superseded_checkpoint(), old, "half-old", "coordinator.json.tmp-abc"};
  std::sort(expected.begin(), expected.end());
  const GcReport report = collect(true);
  EXPECT_EQ(garbage(report), expected);
  EXPECT_EQ(report.kept_for_now, 2U);
  EXPECT_FALSE(fs::exists(lab_.path_of(lab_.superseded_checkpoint())));
  EXPECT_FALSE(fs::exists(lab_.path_of(old)));
  EXPECT_TRUE(fs::exists(lab_.path_of(young)));
  EXPECT_TRUE(fs::exists(lab_.path_of(lab_.last_checkpoint())));
  EXPECT_TRUE(fs::exists(lab_.data() / "artifacts" / "notes.txt"));
  EXPECT_TRUE(verify_data(lab_.data()).sound());
  EXPECT_TRUE(collect(true).garbage.empty());
}

TEST_F(Gc, KeepsWhatARunningAttemptMayHaveSent) {
  lab_.execute_sql("UPDATE jobs SET state = 'running' WHERE number = (SELECT MAX(job) FROM attempts)");
  const std::string sent = lab_.put("the output, not reported yet");
  make_old(lab_.path_of(sent), 200h);  // the attempt began in 2023
  const GcReport report = collect(true);
  EXPECT_EQ(report.kept_for_now, 1U);
  EXPECT_TRUE(fs::exists(lab_.path_of(sent)));
  EXPECT_TRUE(fs::exists(lab_.path_of(lab_.last_checkpoint())));
  EXPECT_FALSE(fs::exists(lab_.path_of(lab_.superseded_checkpoint())));
}

TEST_F(Gc, RowsOfNoJobGoWithTheirFile) {
  lab_.execute_sql("DELETE FROM job_artifacts WHERE sha256 = '" + lab_.model() + "'");
  make_old(lab_.path_of(lab_.model()), 200h);
  EXPECT_EQ(collect(true).rows, 1U);
  EXPECT_EQ(lab_.number("SELECT COUNT(*) FROM artifacts WHERE sha256 = '" + lab_.model() + "'"), 0);
  EXPECT_FALSE(fs::exists(lab_.path_of(lab_.model())));
}

TEST_F(Gc, RemovesNothingBesideARunningCoordinator) {
  const DataDirectory running(lab_.data());
  const Error error = error_of([&] { collect(true); });
  EXPECT_EQ(error.code(), ErrorCode::conflict);
  EXPECT_THAT(error.what(), ::testing::HasSubstr("nothing can be removed now"));
  EXPECT_THAT(error.fix(), ::testing::HasSubstr("Stop it"));
  EXPECT_EQ(collect(false).garbage.size(), 1U);  // looking is allowed
}

TEST_F(Gc, RemovesNothingFromADamagedDatabase) {
  testing::tear_page(lab_.database(), lab_.page_of("attempts"));
  EXPECT_EQ(error_of([&] { collect(true); }).code(), ErrorCode::invalid_data);
  EXPECT_TRUE(fs::exists(lab_.path_of(lab_.superseded_checkpoint())));
}

}  // namespace
}  // namespace checkerlab::coordinator
