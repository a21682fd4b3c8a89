// Studies as sets through the real programs, the coordinator killed after every change: what was said stays said,
// shared jobs go on, and no key is computed twice.
#include <gtest/gtest.h>

#include "tests/e2e/sets/scripted_worker.hpp"
#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

using rpc::Json;

class Sets : public ::testing::Test {
 protected:
  Sets() { stack_.start_coordinator(); }

  // kill -9, and a start on the same data.
  void crash() {
    stack_.kill_coordinator();
    stack_.start_coordinator();
  }
  Json cli(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const Finished finished = stack_.cli(arguments);
    EXPECT_TRUE(finished.status.ok()) << arguments[0] << " " << arguments[1] << ": " << finished.out << finished.err;
    return finished.status.ok() ? Json::parse(finished.out) : Json::object();
  }
  // The tiny study with one ratio and these guidance values.
  static std::vector<std::string> tiny(std::vector<std::string> verb, const std::string& guidance,
                                       const std::string& name = "tiny") {
    verb.push_back(e2e_file("tiny.yaml"));
    for (const std::string& change : {"name=" + name, std::string("sweep.ratios=[2]"),
                                      std::string("sweep.steps_per_scale=[1]"), "sweep.guidance=" + guidance}) {
      verb.emplace_back("--set");
      verb.push_back(change);
    }
    return verb;
  }
  int open_jobs(const std::string& study) {
    const Json jobs = cli({"status", study}).at("jobs");
    return jobs.at("queued").get<int>() + jobs.at("blocked").get<int>() + jobs.at("running").get<int>();
  }
  std::string state(const std::string& study) { return cli({"status", study}).at("state"); }
  void expect_nothing_twice() {
    EXPECT_EQ(stack_.query("select count(*) from attempts where state = 'succeeded'"),
              stack_.query("select count(*) from results"));
    EXPECT_EQ(stack_
                  .query("select coalesce(max(c), 0) from (select count(*) c from attempts where state = 'succeeded' "
                         "group by job)")
                  .get<int>(),
              1);
  }
  ScriptedWorker worker(const std::string& version = "1") { return ScriptedWorker(stack_.data(), version); }

  Stack stack_;
};

TEST_F(Sets, ExtendShrinkAndComeBackOverCrashes) {
  const Json first = cli(tiny({"submit"}, "[0, 0.5]"));
  const int jobs = first.at("jobs_total");
  worker().work(3);
  crash();
  const Json diff = cli(tiny({"study", "diff", "tiny"}, "[0.5, 1]"));
  EXPECT_EQ(diff.at("added").at("points"), 1);
  EXPECT_EQ(diff.at("removed").at("points"), 1);
  const Json changed = cli(tiny({"study", "extend", "tiny"}, "[0.5, 1]"));
  crash();
  EXPECT_EQ(changed.at("id"), first.at("id"));
  EXPECT_EQ(changed.at("jobs_total"), jobs);
  EXPECT_EQ(changed.at("jobs_added"), changed.at("jobs_removed"));
  EXPECT_EQ(changed.at("jobs_cancelled"), changed.at("jobs_removed"));
  EXPECT_EQ(cli({"status", "tiny"}).at("revision"), 2);
  worker().work(jobs - 3);
  EXPECT_EQ(state("tiny"), "succeeded");
  crash();
  const Json back = cli(tiny({"study", "extend", "tiny"}, "[0, 0.5, 1]"));
  EXPECT_EQ(back.at("jobs_removed"), 0);
  crash();
  worker().work(back.at("jobs_added"));
  EXPECT_EQ(state("tiny"), "succeeded");
  EXPECT_EQ(cli({"study", "history", "tiny"}).at("items").size(), 3U);
  EXPECT_EQ(cli(tiny({"study", "extend", "tiny"}, "[1]")).at("jobs_cancelled"), 0);
  EXPECT_EQ(cli(tiny({"study", "extend", "tiny"}, "[0, 0.5, 1]")).at("jobs_done"),
            back.at("jobs_added").get<int>() * 2);
  EXPECT_EQ(state("tiny"), "succeeded");
  EXPECT_EQ(stack_.query("select count(*) from results"), back.at("jobs_total"));
  expect_nothing_twice();
}

TEST_F(Sets, RerunTakesUpWhatFailedAndNothingElse) {
  const int jobs = cli(tiny({"submit"}, "[0, 0.5]")).at("jobs_total");
  int failed = 0;
  worker().work(jobs,
                [&](const rpc::Assignment& job) { return job.spec.at("kind") == "score_point" && failed++ == 0; });
  EXPECT_EQ(state("tiny"), "failed");
  crash();
  const Json again = cli({"study", "rerun", "tiny", "--failed"});
  crash();
  EXPECT_EQ(again.at("jobs_started"), 1);
  EXPECT_EQ(again.at("jobs_succeeded"), jobs - 1);
  EXPECT_EQ(worker().work(1), std::vector<std::string>{"score_point"});
  EXPECT_EQ(state("tiny"), "succeeded");
  EXPECT_EQ(cli({"study", "rerun", "tiny"}).at("jobs_started"), 0);
  expect_nothing_twice();
}

TEST_F(Sets, PauseHoldsOnlyWhatNoOtherStudyWants) {
  const int jobs = cli(tiny({"submit"}, "[0, 0.5]")).at("jobs_total");
  cli(tiny({"submit"}, "[0.5]", "other"));
  {
    ScriptedWorker first = worker();
    const rpc::Assignment running = first.take();
    EXPECT_EQ(cli({"study", "pause", "tiny", "--stop-running"}).at("attempts_taken_back"), 0);  // the other wants it
    EXPECT_EQ(cli({"study", "pause", "other", "--stop-running"}).at("attempts_taken_back"), 1);
    EXPECT_NE(first.cancelled().reason.find("paused"), std::string::npos);
    first.let_go(running);
  }
  crash();
  EXPECT_TRUE(cli({"status", "tiny"}).at("paused"));
  cli({"study", "resume", "other"});
  worker().work(open_jobs("other"));
  EXPECT_EQ(state("other"), "succeeded");
  EXPECT_TRUE(cli({"status", "tiny"}).at("notice").is_string());
  cli({"study", "resume", "tiny"});
  crash();
  worker().work(open_jobs("tiny"));
  EXPECT_EQ(state("tiny"), "succeeded");
  EXPECT_EQ(stack_.query("select count(*) from results"), jobs);
  expect_nothing_twice();
}

TEST_F(Sets, CancelLeavesSharedRunningJobsAlone) {
  cli(tiny({"submit"}, "[0, 0.5]"));
  const int jobs = cli(tiny({"submit"}, "[0.5]", "other")).at("jobs_total");
  ScriptedWorker worker = this->worker();
  const rpc::Assignment shared = worker.take();
  EXPECT_EQ(cli({"study", "cancel", "tiny"}).at("state"), "cancelled");
  worker.answer(shared);  // it was accepted: recorded
  EXPECT_EQ(stack_.query("select count(*) from results"), 1);
  worker.work(jobs - 1);
  EXPECT_EQ(state("other"), "succeeded");
  EXPECT_EQ(state("tiny"), "cancelled");
  EXPECT_EQ(cli({"study", "archive", "tiny"}).at("state"), "cancelled");
  crash();
  EXPECT_EQ(cli({"status"}).at("items").size(), 1U);
  EXPECT_EQ(cli({"status", "--archived"}).at("items").size(), 1U);
  expect_nothing_twice();
}

TEST_F(Sets, APinnedStudyWaitsForItsCodeVersion) {
  auto submit = tiny({"submit"}, "[0]");
  submit.insert(submit.end(), {"--pin-code", "2"});
  const int jobs = cli(submit).at("jobs_total");
  ScriptedWorker old = worker("1");
  const Json study = cli({"status", "tiny"});
  EXPECT_NE(study.at("notice").get<std::string>().find("pinned to code version 2"), std::string::npos);
  EXPECT_EQ(study.at("jobs").at("running"), 0);
  crash();
  worker("2").work(jobs);
  EXPECT_EQ(state("tiny"), "succeeded");
  const Json code = cli({"study", "compare-code", "tiny"});
  ASSERT_EQ(code.at("versions").size(), 1U);
  EXPECT_EQ(code.at("versions").at(0).at("code_version"), "2");
}

}  // namespace
}  // namespace checkerlab::e2e
