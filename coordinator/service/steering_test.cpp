// Studies that are told to run something again, to rest, to keep to a code version, or to go into the archive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/set_study.hpp"
#include "coordinator/service/testing/small_study.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;
using ::testing::HasSubstr;
using testing::set_key;
using testing::set_study;

rpc::AttemptRef given(const FakeWorker& worker, std::size_t index) {
  return worker.link->assignments().at(index).attempt;
}

TEST(Rerun, TakesUpFailedJobsWithWhatWaitsForThemAndNothingElse) {
  Bench bench;
  bench.submit(testing::small_study());
  const FakeWorker worker = bench.connect("i", 1, {}, testing::small_study_kinds());
  bench.tell(worker, {Bench::failure(given(worker, 0), "invalid_data", false)});  // the metric network
  const rpc::Assignment model = worker.link->assignments().at(1);
  bench.tell(worker, {rpc::AttemptFinished{model.attempt, rpc::Outcome::kSucceeded, testing::result_for(model), {}}});
  ASSERT_EQ(bench.reads->study("small")["state"], "failed");
  bench.restart();
  const RerunOutcome outcome = bench.rerun("small", {.failed = true});
  EXPECT_EQ(outcome.started, 1);
  EXPECT_EQ(outcome.revived, 5);
  EXPECT_EQ(outcome.succeeded, 1);
  EXPECT_EQ(outcome.open, 6);
  EXPECT_EQ(bench.number("SELECT SUM(doomed) FROM jobs"), 0);
  const FakeWorker again = bench.connect("i", 1, {}, testing::small_study_kinds());
  for (std::size_t i = 0; i < again.link->assignments().size(); ++i) {
    const rpc::Assignment job = again.link->assignments()[i];
    bench.tell(again, {rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, testing::result_for(job), {}}});
  }
  EXPECT_EQ(bench.reads->study("small")["state"], "succeeded");
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'succeeded'"), 7);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM results"), 7);
}

TEST(Rerun, OfNothingSaysSo) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::success(given(worker, 0))});
  const std::size_t events = bench.events.size();
  const RerunOutcome outcome = bench.rerun("set", {.failed = true, .cancelled = true});
  EXPECT_EQ(outcome.started, 0);
  EXPECT_EQ(outcome.succeeded, 1);
  EXPECT_EQ(outcome.open, 1);
  EXPECT_EQ(bench.rerun("set", {.jobs = {JobKey(set_key(1))}}).started, 0);
  EXPECT_EQ(bench.events.size(), events);
  EXPECT_EQ(bench.number("SELECT MAX(attempt) FROM jobs"), 1);
}

TEST(Rerun, OfNamedJobsAndOfForeignOnes) {
  Bench bench;
  bench.submit(set_study({1, 2, 3}));
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::failure(given(worker, 0), "invalid_data", false)});
  bench.tell(worker, {Bench::failure(given(worker, 1), "invalid_data", false)});
  bench.tell(worker, {Bench::success(given(worker, 2))});
  EXPECT_EQ(bench.rerun("set", {.jobs = {JobKey(set_key(2))}}).started, 1);
  EXPECT_EQ(bench.reads->job(set_key(1))["state"], "failed");
  bench.submit(set_study({8}, "other"));
  const Error error = error_of([&] { bench.rerun("set", {.jobs = {JobKey(set_key(8))}}); });
  EXPECT_EQ(error.code(), ErrorCode::not_found);
  EXPECT_THAT(error.what(), HasSubstr(set_key(8)));
}

TEST(Rerun, OfACancelledStudyGoesOnWhereItStopped) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::success(given(worker, 0))});
  bench.cancel("set");
  bench.restart();
  EXPECT_EQ(bench.rerun("set", {.cancelled = true}).started, 1);
  EXPECT_EQ(bench.work_off(bench.connect("i")), 1);
  EXPECT_EQ(bench.reads->study("set")["state"], "succeeded");
}

TEST(Cancel, LeavesWhatAnotherStudyNeedsRunning) {
  Bench bench;
  bench.submit(set_study({1, 2, 3}));
  bench.submit(set_study({2, 3}, "other"));
  const FakeWorker worker = bench.connect("i", 2);  // 1 and 2 run
  bench.cancel("set");
  ASSERT_EQ(worker.link->all<rpc::Cancel>().size(), 1U);
  EXPECT_EQ(worker.link->all<rpc::Cancel>()[0].attempt.key.str(), set_key(1));
  const Json cancelled = bench.reads->study("set");
  EXPECT_EQ(cancelled["state"], "cancelled");
  EXPECT_EQ(cancelled["jobs"]["running"], 1);  // told as what goes on for others
  bench.tell(worker, {Bench::success(given(worker, 1))});
  bench.restart();
  EXPECT_EQ(bench.reads->job(set_key(1))["state"], "cancelled");
  EXPECT_EQ(bench.work_off(bench.connect("i")), 1);
  EXPECT_EQ(bench.reads->study("other")["state"], "succeeded");
  EXPECT_EQ(bench.reads->study("set")["state"], "cancelled");
}

TEST(Pause, SurvivesARestartAndIsTold) {
  Bench bench;
  bench.submit(set_study({1, 2, 3}));
  FakeWorker worker = bench.connect("i");
  bench.tell(worker, {rpc::AttemptStarted{given(worker, 0)}});
  const PauseOutcome outcome = bench.pause("set");
  EXPECT_EQ(outcome.running, 1);
  EXPECT_EQ(outcome.taken_back, 0);
  const Json told = bench.events.back().data.at("study");
  EXPECT_EQ(told["paused"], true);
  EXPECT_THAT(told["notice"].get<std::string>(), HasSubstr("1 job goes on"));
  bench.restart();
  worker = bench.connect("i", 1, {{JobKey(set_key(1)), AttemptNumber{1}}});
  bench.tell(worker, {Bench::success({JobKey(set_key(1)), AttemptNumber{1}})});
  EXPECT_TRUE(worker.link->assignments().empty());
  EXPECT_EQ(bench.reads->study("set")["paused"], true);
  bench.pause("set", {.paused = false});
  EXPECT_EQ(bench.reads->study("set")["paused"], false);
  EXPECT_TRUE(bench.reads->study("set")["notice"].is_null());
  EXPECT_EQ(bench.work_off(worker), 2);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts"), 3);
}

TEST(Pause, TakesRunningJobsBackWithTheirCheckpoints) {
  Bench bench;
  bench.submit(set_study({1}));
  const FakeWorker worker = bench.connect("i");
  const std::string hash(64, 'c');
  bench.tell(worker,
             {rpc::AttemptStarted{given(worker, 0)}, rpc::Checkpoint{given(worker, 0), 40, {"state", hash, 10}}});
  const PauseOutcome outcome = bench.pause("set", {.stop_running = true});
  EXPECT_EQ(outcome.taken_back, 1);
  EXPECT_EQ(outcome.running, 0);
  ASSERT_EQ(worker.link->all<rpc::Cancel>().size(), 1U);
  EXPECT_THAT(worker.link->all<rpc::Cancel>()[0].reason, HasSubstr("paused"));
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'preempted'"), 1);
  bench.tell(worker, {rpc::AttemptFinished{given(worker, 0), rpc::Outcome::kCancelled, std::nullopt, std::nullopt}});
  EXPECT_EQ(worker.link->assignments().size(), 1U);
  bench.pause("set", {.paused = false});
  ASSERT_EQ(worker.link->assignments().size(), 2U);
  ASSERT_TRUE(worker.link->assignments()[1].checkpoint);
  EXPECT_EQ(worker.link->assignments()[1].checkpoint->step, 40);
  EXPECT_EQ(bench.number("SELECT tries FROM jobs"), 0);
}

TEST(Pause, OfOneStudyDoesNotHoldTheOther) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  bench.submit(set_study({2, 3}, "other"));
  bench.pause("set", {.stop_running = true});
  EXPECT_EQ(bench.work_off(bench.connect("i")), 2);
  EXPECT_EQ(bench.reads->study("other")["state"], "succeeded");
  EXPECT_EQ(bench.reads->job(set_key(1))["state"], "queued");
}

TEST(Pause, IsRefusedWhenTheStudyIsOver) {
  Bench bench;
  bench.submit(set_study({1}));
  bench.cancel("set");
  EXPECT_EQ(error_of([&] { bench.pause("set"); }).code(), ErrorCode::conflict);
  EXPECT_EQ(error_of([&] { bench.pause("none"); }).code(), ErrorCode::not_found);
}

TEST(Archive, HidesAStudyThatIsOverUntilItRunsAgain) {
  Bench bench;
  bench.submit(set_study({1}));
  const Error early = error_of([&] { bench.archive("set"); });
  EXPECT_EQ(early.code(), ErrorCode::conflict);
  EXPECT_THAT(early.fix(), HasSubstr("cancel"));
  bench.work_off(bench.connect("i"));
  bench.archive("set");
  bench.restart();
  EXPECT_TRUE(bench.reads->studies({})["items"].empty());
  ASSERT_EQ(bench.reads->studies({}, true)["items"].size(), 1U);
  EXPECT_TRUE(bench.reads->study("set")["archived_at"].is_string());
  bench.archive("set", false);
  EXPECT_EQ(bench.reads->studies({})["items"].size(), 1U);
  bench.archive("set");
  bench.revise("set", set_study({1, 2}));
  EXPECT_TRUE(bench.reads->study("set")["archived_at"].is_null());
}

TEST(Pin, WaitsForAWorkerOfItsCodeVersionAndSaysSo) {
  Bench bench;
  StudySubmission study = set_study({1});
  study.code = "9.9";
  bench.submit(study);
  const FakeWorker worker = bench.connect("i");  // is of version 1.2.3
  EXPECT_TRUE(worker.link->assignments().empty());
  EXPECT_EQ(bench.reads->study("set")["code"], "9.9");
  EXPECT_THAT(bench.reads->study("set")["notice"].get<std::string>(),
              ::testing::AllOf(HasSubstr("pinned to code version 9.9"), HasSubstr("connected: 1.2.3")));
  bench.restart();
  const FakeWorker again = bench.connect("i");
  EXPECT_TRUE(again.link->assignments().empty());
  study.code = "1.2.3";
  EXPECT_FALSE(bench.submit(study).created);  // the same set, another pin
  EXPECT_EQ(bench.reads->study("set")["revision"], 2);
  EXPECT_TRUE(bench.reads->study("set")["notice"].is_null());
  EXPECT_EQ(bench.work_off(again), 1);
}

TEST(CodeVersions, OfResultsAreToldAndMixedCurvesNamed) {
  Bench bench;
  bench.submit(testing::small_study());
  const FakeWorker worker = bench.connect("i", 1, {}, testing::small_study_kinds());
  for (std::size_t i = 0; i < worker.link->assignments().size(); ++i) {
    const rpc::Assignment job = worker.link->assignments()[i];
    bench.tell(worker, {rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, testing::result_for(job), {}}});
  }
  Json code = bench.reads->code_versions("small");
  ASSERT_EQ(code["versions"].size(), 1U);
  EXPECT_EQ(code["versions"][0]["code_version"], "1.2.3");
  EXPECT_EQ(code["versions"][0]["results"], 7);
  EXPECT_EQ(code["versions"][0]["points"], 2);
  EXPECT_TRUE(code["mixed_curves"].empty());
  // As if another version had sampled one of the points.
  bench.store->write_and_wait([](SQLite::Database& database) {
    database.exec(
        "UPDATE results SET code_version = '1.3' WHERE job = "
        "(SELECT MIN(number) FROM jobs WHERE kind = 'evaluate_shard')");
  });
  code = bench.reads->code_versions("small");
  EXPECT_EQ(code["versions"].size(), 2U);
  ASSERT_EQ(code["mixed_curves"].size(), 1U);
  EXPECT_EQ(code["mixed_curves"][0]["ratio"], "2");
  EXPECT_EQ(code["mixed_curves"][0]["points"], 2);
  EXPECT_EQ(code["mixed_curves"][0]["code_versions"].size(), 2U);
}

}  // namespace
}  // namespace checkerlab::coordinator
