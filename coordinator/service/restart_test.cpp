// The coordinator dies in every state and starts again from the same file: every key exactly once, whatever was under
// way.
#include <gtest/gtest.h>

#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;

constexpr std::int64_t kJobs = 4;

void expect_all_once(Bench& bench) {
  EXPECT_EQ(bench.reads->study("n")["state"], "succeeded");
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM results"), kJobs);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM jobs WHERE state = 'succeeded'"), kJobs);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'succeeded'"), kJobs);
}

TEST(Restart, RightAfterSubmit) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  bench.restart();
  EXPECT_EQ(bench.work_off(bench.connect("i", 2)), kJobs);
  expect_all_once(bench);
}

TEST(Restart, WhileAttemptsRunAndTheWorkerComesBack) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  FakeWorker worker = bench.connect("i", 2);
  const auto given = worker.link->assignments();
  ASSERT_EQ(given.size(), 2U);
  bench.tell(worker, {rpc::AttemptStarted{given[0].attempt}, rpc::AttemptStarted{given[1].attempt}});
  bench.restart();
  worker = bench.connect("i", 2, {given[0].attempt, given[1].attempt});
  EXPECT_TRUE(worker.link->assignments().empty());
  bench.tell(worker, {Bench::success(given[0].attempt), Bench::success(given[1].attempt)});
  EXPECT_EQ(bench.work_off(worker), kJobs - 2);
  expect_all_once(bench);
  EXPECT_EQ(bench.number("SELECT MAX(number) FROM attempts"), 1);  // nothing ran twice
}

TEST(Restart, WhileAttemptsRunAndTheWorkerIsGone) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  const FakeWorker worker = bench.connect("i", 2);
  bench.tell(worker, {rpc::AttemptStarted{worker.link->assignments().at(0).attempt}});
  bench.restart();
  const FakeWorker other = bench.connect("j", 1);
  EXPECT_EQ(bench.work_off(other), 2);  // the two others are expected back within a lease
  bench.pass(std::chrono::seconds(16));
  // One worker can only keep its lease by heartbeats: it has to come again.
  EXPECT_FALSE(other.link->closed.empty());
  EXPECT_EQ(bench.work_off(bench.connect("j", 1)), 2);
  expect_all_once(bench);
}

TEST(Restart, WithAResultThatWasRecordedButNotAcknowledged) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  FakeWorker worker = bench.connect("i");
  const rpc::AttemptRef attempt = worker.link->assignments().at(0).attempt;
  const std::vector<rpc::WorkerMessage> finished{Bench::success(attempt)};
  bench.coordinator->session_messages(worker.session, finished);
  bench.store->flush();  // on disk, but the acknowledgement was never sent
  EXPECT_TRUE(worker.link->acks().empty());
  bench.restart();
  worker = bench.connect("i", 1, {attempt});
  bench.tell(worker, finished);
  ASSERT_FALSE(worker.link->acks().empty());
  EXPECT_TRUE(worker.link->acks()[0].accepted);
  bench.work_off(worker);
  expect_all_once(bench);
}

TEST(Restart, WithAnAssignmentThatWasNeverSent) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  FakeWorker worker;
  worker.session = bench.coordinator->session_opened(worker.link);
  rpc::Hello hello;
  hello.name = "tester";
  hello.instance = "i";
  hello.kinds = {"noop"};
  bench.coordinator->session_messages(worker.session, std::vector<rpc::WorkerMessage>{hello});
  bench.store->flush();
  EXPECT_TRUE(worker.link->messages.empty());
  bench.restart();
  EXPECT_EQ(bench.work_off(bench.connect("i")), kJobs);
  expect_all_once(bench);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'lost'"), 1);
  EXPECT_EQ(bench.number("SELECT MAX(tries) FROM jobs"), 0);
}

TEST(Restart, AfterCancelAndAfterFailure) {
  Bench bench;
  bench.submit_noop("n", kJobs);
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::failure(worker.link->assignments().at(0).attempt, "invalid_data", false)});
  bench.cancel("n");
  bench.restart();
  EXPECT_EQ(bench.reads->study("n")["state"], "cancelled");
  EXPECT_EQ(bench.reads->study("n")["jobs"]["failed"], 1);
  const FakeWorker idle = bench.connect("i");
  EXPECT_TRUE(idle.link->assignments().empty());
  bench.submit_noop("n", kJobs);
  EXPECT_EQ(bench.work_off(idle), kJobs);
  expect_all_once(bench);
}

TEST(Restart, AJobThatWasSubmittedAgainHasAllItsTries) {
  Bench bench;
  bench.submit_noop("n", 1);
  FakeWorker worker = bench.connect("i");
  for (std::size_t attempt = 0; attempt < 3; ++attempt) {
    bench.tell(worker, {Bench::failure(worker.link->assignments().at(attempt).attempt, "crashed", true)});
    bench.pass(std::chrono::seconds(attempt < 2 ? 2 << attempt : 0));  // each crash is followed by a rest
  }
  EXPECT_EQ(bench.reads->study("n")["state"], "failed");
  bench.submit_noop("n", 1);
  EXPECT_EQ(bench.number("SELECT tries FROM jobs"), 0);
  bench.restart();
  worker = bench.connect("i");
  bench.tell(worker, {Bench::failure(worker.link->assignments().at(0).attempt, "crashed", true)});
  EXPECT_EQ(bench.number("SELECT tries FROM jobs"), 1);
  EXPECT_EQ(bench.reads->study("n")["state"], "running");
  bench.pass(std::chrono::seconds(2));
  bench.work_off(worker);
  EXPECT_EQ(bench.reads->study("n")["state"], "succeeded");
}

TEST(Restart, AfterEachMessageOfAWholeStudy) {
  Bench bench;
  bench.submit(testing::small_study());
  std::vector<rpc::AttemptRef> held;
  for (int round = 0; round < 7; ++round) {
    bench.restart();
    const FakeWorker worker = bench.connect("i", 1, held, testing::small_study_kinds());
    ASSERT_EQ(worker.link->assignments().size(), 1U) << round;
    const rpc::Assignment job = worker.link->assignments()[0];
    bench.tell(worker, {rpc::AttemptStarted{job.attempt}});
    bench.restart();
    const FakeWorker back = bench.connect("i", 1, {job.attempt}, testing::small_study_kinds());
    bench.tell(back, {rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, testing::result_for(job), {}}});
    EXPECT_TRUE(back.link->acks().at(0).accepted);
  }
  EXPECT_EQ(bench.reads->study("small")["state"], "succeeded");
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM results"), 7);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM measurements"), 4);
}

}  // namespace
}  // namespace checkerlab::coordinator
