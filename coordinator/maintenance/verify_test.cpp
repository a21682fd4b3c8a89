#include "coordinator/maintenance/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "coordinator/maintenance/testing/lab.hpp"

namespace checkerlab::coordinator {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::flip_bit;
using testing::Lab;
using testing::tear_page;

class Verify : public ::testing::Test {
 protected:
  std::vector<FindingKind> kinds(const VerifyOptions& options = {}) {
    report_ = verify_data(lab_.data(), options);
    std::vector<FindingKind> kinds;
    for (const Finding& finding : report_.findings)
      kinds.push_back(finding.kind);
    return kinds;
  }

  Lab lab_;
  VerifyReport report_;
};

TEST_F(Verify, ASoundDirectoryHasOneSupersededCheckpoint) {
  EXPECT_THAT(kinds(), ElementsAre(FindingKind::file_without_row)) << report_.to_text();
  EXPECT_TRUE(report_.sound());
  EXPECT_EQ(report_.artifacts, lab_.artifacts());
  EXPECT_EQ(report_.results, 7U);
  EXPECT_THAT(report_.findings[0].what, ::testing::HasSubstr(lab_.superseded_checkpoint()));
  EXPECT_EQ(report_.to_json().at("sound"), true);
}

TEST_F(Verify, AFlippedBitInAnArtifact) {
  flip_bit(lab_.path_of(lab_.model()), 1);
  EXPECT_THAT(kinds(), Contains(FindingKind::artifact_damaged));
  EXPECT_FALSE(report_.sound());
  EXPECT_THAT(report_.to_text(), ::testing::HasSubstr("'model' of job"));
  EXPECT_THAT(kinds({.read_artifacts = false}), ElementsAre(FindingKind::file_without_row));  // sizes do not tell
}

TEST_F(Verify, AShorterArtifact) {
  std::filesystem::resize_file(lab_.path_of(lab_.model()), 5);
  EXPECT_THAT(kinds({.read_artifacts = false}), Contains(FindingKind::artifact_damaged));
}

TEST_F(Verify, AMissingArtifactAndAMissingCheckpoint) {
  for (const auto& sha256 : {lab_.model(), lab_.last_checkpoint()}) {
    const auto aside = lab_.folder() / "aside";
    std::filesystem::rename(lab_.path_of(sha256), aside);
    EXPECT_THAT(kinds(), Contains(FindingKind::artifact_missing)) << sha256;
    std::filesystem::rename(aside, lab_.path_of(sha256));
  }
}

TEST_F(Verify, AnExtraFile) {
  lab_.put("nobody's");
  std::ofstream(lab_.data() / "artifacts" / "notes.txt") << "mine";
  const auto found = kinds();
  EXPECT_EQ(std::count(found.begin(), found.end(), FindingKind::file_without_row), 2);
  EXPECT_THAT(found, Contains(FindingKind::file_without_place));
  EXPECT_TRUE(report_.sound());
}

TEST_F(Verify, ATruncatedDatabase) {
  std::filesystem::resize_file(lab_.database(), std::filesystem::file_size(lab_.database()) / 2);
  EXPECT_THAT(kinds(), Contains(FindingKind::database_damaged));
  std::filesystem::resize_file(lab_.database(), 50);
  EXPECT_THAT(kinds(), Contains(FindingKind::database_damaged));
}

TEST_F(Verify, ATornPageOfATable) {
  const auto whole = lab_.folder() / "whole.db";
  std::filesystem::copy_file(lab_.database(), whole);
  for (const char* table : {"jobs", "attempts", "results", "study_jobs"}) {
    tear_page(lab_.database(), lab_.page_of(table));
    EXPECT_THAT(kinds(), Contains(FindingKind::database_damaged)) << table;
    std::filesystem::copy_file(whole, lab_.database(), std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(Verify, ResultsWithoutTheirArtifacts) {
  lab_.execute_sql("DELETE FROM job_artifacts WHERE sha256 = '" + lab_.model() + "'");
  EXPECT_THAT(kinds(), Contains(FindingKind::result_incomplete));
}

TEST_F(Verify, SucceededJobsWithoutResult) {
  lab_.execute_sql("DELETE FROM results WHERE job = (SELECT MIN(job) FROM results)");
  EXPECT_THAT(kinds(), Contains(FindingKind::result_incomplete));
}

TEST_F(Verify, RowsThatReferToNothing) {
  lab_.execute_sql("PRAGMA foreign_keys = OFF; DELETE FROM workers");
  EXPECT_THAT(kinds(), Contains(FindingKind::database_damaged));
}

TEST_F(Verify, WithoutADatabaseThereIsNothingToVerify) {
  EXPECT_EQ(error_of([&] { verify_data(lab_.folder()); }).code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace checkerlab::coordinator
