// A whole study through the real programs, as a person runs it.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

using rpc::Json;

Finished run_study(const std::filesystem::path& data, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{program("checkerlab"), "run", e2e_file("tiny.yaml"), "--data", data.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

class StudyRun : public ::testing::Test {
 protected:
  // One run serves all tests of this suite.
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder("checkerlab-run");
    first_ = new Finished(run_study(folder_->path()));
  }
  static void TearDownTestSuite() {
    delete first_;
    delete folder_;
  }
  static Json sql(const std::string& text) {
    const Finished answer =
        run({program("checkerlab"), "results", "--data", folder_->path().string(), "--sql", text, "--json"});
    EXPECT_TRUE(answer.status.ok()) << answer.err;
    return Json::parse(answer.out);
  }
  static inline TemporaryFolder* folder_ = nullptr;
  static inline Finished* first_ = nullptr;
};

TEST_F(StudyRun, SucceedsAndPrintsTheTable) {
  ASSERT_TRUE(first_->status.ok()) << first_->status.text() << "\n" << first_->out << first_->err;
  for (const char* text : {"single", "FID", "IS", "±", ".svg", "checkerlab.db", "http://"}) {
    EXPECT_NE(first_->out.find(text), std::string::npos) << "missing in the output: " << text << "\n" << first_->out;
  }
}

TEST_F(StudyRun, LeavesNoProcessBehind) {
  EXPECT_TRUE(processes_naming(folder_->path().string()).empty());
}

TEST_F(StudyRun, RecordsEveryPointOnceWithItsIdentity) {
  const Json rows = sql("select count(*), count(distinct job), count(network_sha256), count(reference_sha256), "
                        "count(code_version), min(n), max(n) "
                        "from measurements where metric = 'fid'")
                        .at("rows");
  EXPECT_EQ(rows.at(0), Json::array({8, 8, 8, 8, 8, 40, 40}));
}

TEST_F(StudyRun, Fig5HasARowForEveryRatioAndNumberOfSteps) {
  const Json rows =
      sql("select ratio, steps_per_scale, total_steps, n from fig_5 order by ratio, steps_per_scale").at("rows");
  // 4x4 tokens: ratio 2 has scales 1 2 4, single has 4.
  EXPECT_EQ(rows, Json::parse(R"([["2",1,3,40],["2",2,5,40],["single",1,1,40],["single",2,2,40]])"));
}

TEST_F(StudyRun, ThePaperComesFromItsDatabase) {
  const TemporaryFolder out("checkerlab-paper");
  for (const char* item : {"table1", "table2", "fig1", "fig3", "fig4", "fig5", "fig6", "fig7", "fig8"}) {
    const Finished made = run({program("checkerlab"), "reproduce", item, "--data", folder_->path().string(), "--out",
                               out.path().string(), "--json"});
    ASSERT_TRUE(made.status.ok()) << item << made.err;
    const Json document = Json::parse(made.out);
    for (const Json& file : document.at("files"))
      EXPECT_FALSE(read_file(file.get<std::string>()).empty()) << file;
  }
  const std::string five = read_file(out.path() / "fig5.md"), one = read_file(out.path() / "table1.csv");
  EXPECT_NE(five.find("A single scale has a higher FID than every multiscale model."), std::string::npos) << five;
  EXPECT_NE(five.find("Study: tiny."), std::string::npos) << five;
  EXPECT_NE(one.find("another system: score its samples"), std::string::npos) << one;
  const std::string eight = read_file(out.path() / "fig8.svg");
  EXPECT_NE(eight.find("data:image/png;base64,iVBOR"), std::string::npos);  // a PNG begins so
}

TEST_F(StudyRun, ASecondRunComputesNothing) {
  const Json before = sql("select count(*) from attempts").at("rows");
  const Finished second = run_study(folder_->path());
  ASSERT_TRUE(second.status.ok()) << second.out << second.err;
  EXPECT_EQ(sql("select count(*) from attempts").at("rows"), before);
}

TEST_F(StudyRun, AnExtendedStudyComputesOnlyWhatIsNew) {
  const Json before = sql("select count(*) from attempts where state = 'succeeded'").at("rows").at(0).at(0);
  const Finished extended = run_study(folder_->path(), {"--set", "sweep.guidance=[0, 0.5, 1]"});
  ASSERT_TRUE(extended.status.ok()) << extended.out << extended.err;
  const Json after = sql("select count(*) from attempts where state = 'succeeded'").at("rows").at(0).at(0);
  // Two ratios × two step counts at one more guidance: four points of two shards and a score each.
  EXPECT_EQ(after.get<int>() - before.get<int>(), 4 * 3);
}

TEST_F(StudyRun, DryRunAfterwardsSaysAllIsDone) {
  const Finished plan = run_study(folder_->path(), {"--dry-run", "--json"});
  ASSERT_TRUE(plan.status.ok()) << plan.err;
  const Json document = Json::parse(plan.out);
  EXPECT_EQ(document.at("jobs_new"), 0);
  EXPECT_EQ(document.at("jobs_done"), document.at("jobs_total"));
}

}  // namespace
}  // namespace checkerlab::e2e
