#include "coordinator/service/coordinator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;
using ::testing::HasSubstr;

TEST(Coordinator, RunsANoopStudyToItsEnd) {
  Bench bench;
  const SubmitOutcome outcome = bench.submit_noop("n", 5);
  EXPECT_TRUE(outcome.created);
  EXPECT_EQ(outcome.jobs_total, 5);
  EXPECT_EQ(outcome.jobs_new, 5);
  EXPECT_EQ(bench.reads->study("n")["state"], "queued");
  const FakeWorker worker = bench.connect("i", 2);
  ASSERT_EQ(worker.link->all<rpc::Welcome>().size(), 1U);
  EXPECT_DOUBLE_EQ(worker.link->all<rpc::Welcome>()[0].lease_seconds, 15);
  EXPECT_TRUE(std::holds_alternative<rpc::Welcome>(worker.link->messages.at(0)));
  EXPECT_EQ(worker.link->assignments().size(), 2U);
  EXPECT_EQ(bench.work_off(worker), 5);
  const Json study = bench.reads->study("n");
  EXPECT_EQ(study["state"], "succeeded");
  EXPECT_EQ(study["jobs"]["succeeded"], 5);
  EXPECT_TRUE(study["finished_at"].is_string());
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM results"), 5);
  EXPECT_EQ(worker.link->acks().size(), 5U);
  for (const auto& ack : worker.link->acks())
    EXPECT_TRUE(ack.accepted);
}

TEST(Coordinator, SubmittingTwiceCostsNothing) {
  Bench bench;
  const SubmitOutcome first = bench.submit_noop("n", 3);
  bench.work_off(bench.connect("i"));
  const SubmitOutcome again = bench.submit_noop("n", 3);
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.study_id, first.study_id);
  EXPECT_EQ(again.jobs_new, 0);
  EXPECT_EQ(again.jobs_done, 3);
  const SubmitOutcome extended = bench.submit_noop("n", 4);
  EXPECT_TRUE(extended.created);
  EXPECT_EQ(extended.jobs_new, 1);
  EXPECT_EQ(extended.jobs_done, 3);
  EXPECT_EQ(bench.reads->study("n")["id"], extended.study_id);
}

TEST(Coordinator, RefusesStudiesThatCannotBe) {
  Bench bench;
  EXPECT_EQ(error_of([&] { bench.submit_noop("n", 1'000'001); }).code(), ErrorCode::too_large);
  EXPECT_EQ(error_of([&] { bench.submit_noop("n", 0); }).code(), ErrorCode::too_large);
  EXPECT_EQ(error_of([&] { bench.cancel("nothing"); }).code(), ErrorCode::not_found);
  StudySubmission empty;
  empty.name = "empty";
  EXPECT_EQ(error_of([&] { bench.submit(empty); }).code(), ErrorCode::invalid_argument);
  StudySubmission dangling = testing::small_study();
  dangling.plan.jobs.erase(dangling.plan.jobs.begin());
  EXPECT_EQ(error_of([&] { bench.submit(dangling); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM jobs"), 0);
}

TEST(Coordinator, ADuplicateFinishedMessageIsRecordedOnce) {
  Bench bench;
  bench.submit_noop("n", 1);
  const FakeWorker worker = bench.connect("i");
  const rpc::AttemptRef attempt = worker.link->assignments().at(0).attempt;
  bench.tell(worker, {Bench::success(attempt), Bench::success(attempt)});
  bench.tell(worker, {Bench::success(attempt)});
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM results"), 1);
  ASSERT_EQ(worker.link->acks().size(), 3U);
  for (const auto& ack : worker.link->acks())
    EXPECT_TRUE(ack.accepted);
}

TEST(Coordinator, AStaleAttemptIsRejected) {
  Bench bench;
  bench.submit_noop("n", 1);
  const FakeWorker first = bench.connect("one");
  const rpc::AttemptRef stale = first.link->assignments().at(0).attempt;
  bench.tell(first, {rpc::AttemptStarted{stale}});
  bench.coordinator->session_closed(first.session);
  bench.pass(std::chrono::seconds(16));
  const FakeWorker second = bench.connect("two");
  ASSERT_EQ(second.link->assignments().size(), 1U);
  EXPECT_EQ(value_of(second.link->assignments()[0].attempt.attempt), 2U);
  const FakeWorker back = bench.connect("one", 1, {stale});
  EXPECT_EQ(back.link->all<rpc::Cancel>().size(), 1U);
  bench.tell(back, {Bench::success(stale)});
  ASSERT_EQ(back.link->acks().size(), 1U);
  EXPECT_FALSE(back.link->acks()[0].accepted);
  EXPECT_THAT(back.link->acks()[0].reason, HasSubstr("stale"));
  bench.work_off(second);
  EXPECT_EQ(bench.number("SELECT attempt FROM results"), 2);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'lost'"), 1);
}

TEST(Coordinator, ACrashIsRetriedAndAnErrorIsNot) {
  Bench bench;
  bench.submit_noop("n", 1);
  const FakeWorker worker = bench.connect("i");
  for (std::size_t i = 0; i < 3; ++i) {
    bench.tell(worker, {Bench::failure(worker.link->assignments().at(i).attempt, "runner_crashed", true)});
    bench.pass(std::chrono::seconds(i < 2 ? 2 << i : 0));  // each crash is followed by a rest
  }
  EXPECT_EQ(worker.link->assignments().size(), 3U);
  const Json jobs = bench.reads->jobs({}, {});
  const Json& job = jobs["items"][0];
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["code"], "runner_crashed");
  EXPECT_EQ(bench.reads->study("n")["state"], "failed");

  bench.submit_noop("m", 1);
  bench.tell(worker, {Bench::failure(worker.link->assignments().at(3).attempt, "invalid_data", false)});
  EXPECT_EQ(worker.link->assignments().size(), 4U);
  EXPECT_EQ(bench.reads->study("m")["state"], "failed");
}

TEST(Coordinator, SubmittingAgainRetriesWhatFailed) {
  Bench bench;
  bench.submit_noop("n", 1);
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::failure(worker.link->assignments().at(0).attempt, "invalid_data", false)});
  EXPECT_FALSE(bench.submit_noop("n", 1).created);
  bench.tell(worker, {Bench::success(worker.link->assignments().at(1).attempt)});
  EXPECT_EQ(bench.reads->study("n")["state"], "succeeded");
  EXPECT_EQ(bench.reads->jobs({}, {})["items"][0]["error"], nullptr);
}

TEST(Coordinator, FailurePropagatesWithItsReason) {
  Bench bench;
  bench.submit(testing::small_study());
  const FakeWorker worker = bench.connect("i", 1, {}, testing::small_study_kinds());
  const rpc::Assignment job = worker.link->assignments().at(0);
  EXPECT_EQ(job.spec["kind"], "train_metric_network");
  bench.tell(worker, {Bench::failure(job.attempt, "invalid_data", false)});
  const rpc::Assignment model = worker.link->assignments().at(1);
  bench.tell(worker, {rpc::AttemptFinished{model.attempt, rpc::Outcome::kSucceeded, testing::result_for(model), {}}});
  const Json study = bench.reads->study("small");
  EXPECT_EQ(study["state"], "failed");
  EXPECT_EQ(study["jobs"]["blocked"], 5);
  const Json blocked = bench.reads->jobs({"small", "blocked", "evaluate_shard"}, {});
  ASSERT_EQ(blocked["items"].size(), 2U);
  EXPECT_THAT(blocked["items"][0]["error"]["message"].get<std::string>(), HasSubstr("train_metric_network job failed"));
}

TEST(Coordinator, CancellingStopsWhatRuns) {
  Bench bench;
  const std::string id = bench.submit_noop("n", 3).study_id;
  const FakeWorker worker = bench.connect("i");
  EXPECT_EQ(bench.cancel("n"), id);
  EXPECT_EQ(worker.link->all<rpc::Cancel>().size(), 1U);
  const rpc::AttemptRef attempt = worker.link->assignments().at(0).attempt;
  bench.tell(worker, {rpc::AttemptFinished{attempt, rpc::Outcome::kCancelled, {}, {}}});
  EXPECT_EQ(worker.link->acks().size(), 1U);
  const Json study = bench.reads->study("n");
  EXPECT_EQ(study["state"], "cancelled");
  EXPECT_EQ(study["jobs"]["cancelled"], 3);
  EXPECT_EQ(worker.link->assignments().size(), 1U);
}

TEST(Coordinator, TheFirstMessageHasToBeHello) {
  Bench bench;
  FakeWorker worker;
  worker.session = bench.coordinator->session_opened(worker.link);
  bench.tell(worker, {rpc::Heartbeat{}});
  EXPECT_EQ(worker.link->all<rpc::ProtocolError>().size(), 1U);
  EXPECT_FALSE(worker.link->closed.empty());
}

TEST(Coordinator, ANewerConnectionOfAWorkerReplacesTheOlder) {
  Bench bench;
  bench.submit_noop("n", 1);
  const FakeWorker old = bench.connect("i");
  const rpc::AttemptRef attempt = old.link->assignments().at(0).attempt;
  const FakeWorker now = bench.connect("i", 1, {attempt});
  EXPECT_FALSE(old.link->closed.empty());
  EXPECT_TRUE(now.link->assignments().empty());
  bench.coordinator->session_closed(old.session);
  bench.tell(now, {Bench::success(attempt)});
  EXPECT_EQ(bench.reads->study("n")["state"], "succeeded");
  EXPECT_EQ(bench.reads->workers()["items"][0]["state"], "online");
}

TEST(Coordinator, DrainedWorkersGetNothingMore) {
  Bench bench;
  const FakeWorker worker = bench.connect("i");
  const std::string id = worker.link->all<rpc::Welcome>().at(0).worker_id;
  bench.coordinator->drain_worker(
      id, [](std::exception_ptr error, const std::vector<std::string>&) { EXPECT_FALSE(error); });
  bench.submit_noop("n", 1);
  EXPECT_EQ(worker.link->all<rpc::Drain>().size(), 1U);
  EXPECT_TRUE(worker.link->assignments().empty());
  EXPECT_EQ(bench.reads->workers()["items"][0]["state"], "draining");
}

TEST(Coordinator, ShutdownStopsAssigningAndSaysWhenAllIsStored) {
  Bench bench;
  const FakeWorker worker = bench.connect("i");
  bool stored = false;
  bench.coordinator->shutdown([&] { stored = true; });
  EXPECT_FALSE(stored);
  bench.submit_noop("n", 1);
  EXPECT_TRUE(stored);
  EXPECT_TRUE(worker.link->assignments().empty());
}

TEST(Coordinator, AFullDiskAcknowledgesNothingAndLosesNothing) {
  StoreOptions options;
  options.max_page_count = 110;
  Bench bench(options);
  bench.submit_noop("small", 1);
  const FakeWorker worker = bench.connect("i");
  EXPECT_EQ(error_of([&] { bench.submit_noop("large", 5'000); }).code(), ErrorCode::disk_full);
  EXPECT_FALSE(worker.link->closed.empty());
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM studies"), 1);
  EXPECT_EQ(error_of([&] { bench.submit_noop("other", 1); }).code(), ErrorCode::unavailable);
  bench.pass(std::chrono::seconds(1));  // loads again
  const rpc::AttemptRef held = worker.link->assignments().at(0).attempt;
  const FakeWorker again = bench.connect("i", 1, {held});
  bench.tell(again, {Bench::success(held)});
  EXPECT_EQ(bench.reads->study("small")["state"], "succeeded");
}

}  // namespace
}  // namespace checkerlab::coordinator
