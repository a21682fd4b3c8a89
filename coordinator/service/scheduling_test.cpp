// Scheduling through the whole coordinator: what is stored, what is shown, and that a restart forgets nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"

namespace checkerlab::coordinator {
namespace {

using namespace std::chrono_literals;
using testing::Bench;
using testing::FakeWorker;
using ::testing::HasSubstr;

// Lets time pass with the worker's heartbeats.
void pass_alive(Bench& bench, const FakeWorker& worker, std::chrono::milliseconds time) {
  for (; time > 0ms; time -= 1s) {
    bench.pass(1s);
    rpc::Heartbeat heartbeat;
    for (const rpc::Assignment& job : worker.link->assignments())
      heartbeat.attempts.push_back(job.attempt);
    bench.tell(worker, {heartbeat});
  }
}

Json only_job(Bench& bench) {
  return bench.reads->jobs({}, {}).at("items").at(0);
}
Json only_worker(Bench& bench) {
  return bench.reads->workers().at("items").at(0);
}

std::vector<std::string> hold_back(Bench& bench, const std::string& what, const std::string& worker) {
  std::vector<std::string> ids;
  std::exception_ptr problem;
  const auto done = [&](std::exception_ptr error, std::vector<std::string> value) {
    problem = error;
    ids = std::move(value);
  };
  if (what == "drain") bench.coordinator->drain_worker(worker, done);
  if (what != "drain") bench.coordinator->cordon_worker(worker, what == "cordon", done);
  bench.settle();
  if (problem) std::rethrow_exception(problem);
  return ids;
}

void order(Bench& bench, const std::string& study, const OrderChange& change) {
  std::exception_ptr problem;
  bench.coordinator->order_study(study, change, [&](std::exception_ptr error, const std::string&) { problem = error; });
  bench.settle();
  if (problem) std::rethrow_exception(problem);
}

// The study's one job crashes as often as that.
void crash(Bench& bench, const FakeWorker& worker) {
  const rpc::AttemptRef attempt = worker.link->assignments().back().attempt;
  bench.tell(worker, {rpc::AttemptStarted{attempt}, Bench::failure(attempt, "crashed", true)});
}

TEST(Scheduling, ACrashIsShownAndTriedAgainAfterItsRestEvenAfterARestart) {
  Bench bench;
  bench.submit_noop("n", 1);
  FakeWorker worker = bench.connect("i");
  crash(bench, worker);
  Json job = only_job(bench);
  EXPECT_EQ(job["state"], "queued");
  EXPECT_EQ(job["crashes"], 1);
  EXPECT_EQ(job["retry_at"], "2023-11-14T22:13:22.000Z");
  EXPECT_THAT(bench.coordinator->why(job["key"])["summary"].get<std::string>(), HasSubstr("crashed (1 of 3 tries)"));
  bench.restart();
  worker = bench.connect("i");
  EXPECT_TRUE(worker.link->assignments().empty());
  pass_alive(bench, worker, 2s);
  EXPECT_EQ(worker.link->assignments().size(), 1U);
  job = only_job(bench);
  EXPECT_EQ(job["state"], "running");
  EXPECT_TRUE(job["retry_at"].is_null());
  crash(bench, worker);
  pass_alive(bench, worker, 4s);
  crash(bench, worker);
  EXPECT_EQ(only_job(bench)["state"], "failed");
  EXPECT_EQ(only_job(bench)["crashes"], 3);
}

TEST(Scheduling, ARestThatEndedWhileNobodyWasThereIsOver) {
  Bench bench;
  bench.submit_noop("n", 1);
  crash(bench, bench.connect("i"));
  EXPECT_FALSE(only_job(bench)["retry_at"].is_null());
  bench.clock.advance(1h);
  bench.restart();
  bench.pass(1s);
  EXPECT_TRUE(only_job(bench)["retry_at"].is_null());
  EXPECT_EQ(bench.connect("j").link->assignments().size(), 1U);
}

TEST(Scheduling, TriesAreForgottenWhenAFailedJobIsSubmittedAgain) {
  Bench bench;
  bench.submit_noop("n", 1);
  FakeWorker worker = bench.connect("i");
  for (const auto rest : {2s, 4s, 0s}) {
    crash(bench, worker);
    pass_alive(bench, worker, rest);
  }
  EXPECT_EQ(only_job(bench)["state"], "failed");
  bench.submit_noop("n", 1);
  bench.restart();
  EXPECT_EQ(only_job(bench)["crashes"], 0);
  worker = bench.connect("i", 1, {});
  bench.pass(1s);
  pass_alive(bench, worker, 1s);
  crash(bench, worker);
  EXPECT_EQ(only_job(bench)["state"], "queued");
}

TEST(Scheduling, LossesAndPreemptionsAreCountedApart) {
  Bench bench;
  bench.submit_noop("n", 1);
  FakeWorker worker = bench.connect("i");
  bench.tell(worker, {rpc::AttemptStarted{worker.link->assignments().at(0).attempt}});
  worker = bench.connect("i");  // anew, without its attempt
  const rpc::AttemptRef attempt = worker.link->assignments().at(0).attempt;
  bench.tell(worker, {rpc::AttemptStarted{attempt}, Bench::failure(attempt, "preempted", true)});
  const Json job = only_job(bench);
  EXPECT_EQ(job["crashes"], 0);
  EXPECT_EQ(job["losses"], 1);
  EXPECT_EQ(job["preemptions"], 1);
  EXPECT_EQ(job["state"], "queued");
}

TEST(Scheduling, ACordonHoldsOverRestartsAndNewProcessesUntilItIsLifted) {
  Bench bench;
  FakeWorker worker = bench.connect("i");
  EXPECT_EQ(hold_back(bench, "cordon", "tester").size(), 1U);
  EXPECT_EQ(only_worker(bench)["state"], "cordoned");
  bench.submit_noop("n", 1);
  bench.restart();
  worker = bench.connect("j");  // the same name, another process
  EXPECT_TRUE(worker.link->assignments().empty());
  const Json why = bench.coordinator->why(only_job(bench)["key"]);
  EXPECT_EQ(why["workers"][0]["name"], "tester");
  EXPECT_THAT(why["workers"][0]["reason"].get<std::string>(), HasSubstr("is cordoned"));
  hold_back(bench, "uncordon", "tester");
  EXPECT_EQ(worker.link->assignments().size(), 1U);
  EXPECT_EQ(only_worker(bench)["state"], "online");
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM cordons"), 0);
}

TEST(Scheduling, ADrainHoldsOverARestart) {
  Bench bench;
  FakeWorker worker = bench.connect("i");
  hold_back(bench, "drain", "tester");
  EXPECT_EQ(worker.link->all<rpc::Drain>().size(), 1U);
  bench.submit_noop("n", 1);
  bench.restart();
  worker = bench.connect("i");
  EXPECT_TRUE(worker.link->assignments().empty());
  EXPECT_EQ(only_worker(bench)["state"], "draining");
  EXPECT_EQ(bench.connect("j").link->assignments().size(), 1U);  // another process of that name
}

TEST(Scheduling, NobodyIsHeldBackThatIsNotThere) {
  Bench bench;
  for (const char* what : {"drain", "cordon", "uncordon"})
    EXPECT_EQ(error_of([&] { hold_back(bench, what, "nobody"); }).code(), ErrorCode::not_found) << what;
}

TEST(Scheduling, AQuarantineIsShownAndHoldsOverARestart) {
  Bench bench;
  FakeWorker worker = bench.connect("i");
  for (int i = 0; i < 5; ++i) {
    bench.submit_noop("n" + std::to_string(i), 1);
    crash(bench, worker);
  }
  Json shown = only_worker(bench);
  EXPECT_EQ(shown["state"], "quarantined");
  EXPECT_EQ(shown["until"], "2023-11-14T22:14:20.000Z");
  bench.restart();
  worker = bench.connect("i");
  pass_alive(bench, worker, 30s);
  EXPECT_TRUE(worker.link->assignments().empty());
  pass_alive(bench, worker, 30s);
  EXPECT_EQ(worker.link->assignments().size(), 1U);
  EXPECT_THAT(only_worker(bench)["reason"].get<std::string>(), HasSubstr("tried with one job"));
  EXPECT_EQ(only_worker(bench)["state"], "online");
}

TEST(Scheduling, AnOrderIsStoredShownAndRestored) {
  Bench bench;
  bench.submit_noop("a", 2);
  bench.submit_noop("b", 2);
  order(bench, "b", {.priority = 7, .deadline = {{1'800'000'000'000}}, .owner = {}});
  Json study = bench.reads->study("b");
  EXPECT_EQ(study["priority"], 7);
  EXPECT_EQ(study["deadline"], "2027-01-15T08:00:00.000Z");
  order(bench, "b", {.priority = 8, .deadline = {}, .owner = {}});
  bench.restart();
  study = bench.reads->study("b");
  EXPECT_EQ(study["priority"], 8);
  EXPECT_EQ(study["deadline"], "2027-01-15T08:00:00.000Z");
  const FakeWorker worker = bench.connect("i");
  EXPECT_EQ(worker.link->assignments().at(0).attempt.key.str(),
            bench.reads->jobs({"b", "running", ""}, {}).at("items").at(0)["key"].get<std::string>());
  order(bench, "b", {.priority = {}, .deadline = std::optional<std::int64_t>{}, .owner = {}});
  EXPECT_TRUE(bench.reads->study("b")["deadline"].is_null());
  EXPECT_EQ(error_of([&] { order(bench, "none", {.priority = 1, .deadline = {}, .owner = {}}); }).code(),
            ErrorCode::not_found);
}

StudySubmission placed_study(const Json& placement) {
  StudySubmission study = testing::small_study();
  for (sweeps::Job& job : study.plan.jobs)
    job.hints["placement"] = placement;
  return study;
}

TEST(Scheduling, WhatJobsAskForIsRestoredAndChangedBySubmittingAgain) {
  Bench bench;
  bench.submit(placed_study({{"labels", {{"gpu", "h100"}}}}));
  bench.restart();
  const FakeWorker worker = bench.connect("i", 1, {}, testing::small_study_kinds());
  EXPECT_TRUE(worker.link->assignments().empty());
  bench.submit(testing::small_study());
  EXPECT_EQ(worker.link->assignments().size(), 1U);
}

TEST(Scheduling, AJobOverItsTimeLimitFailsWithAClearError) {
  Bench bench;
  bench.submit(placed_study({{"time_limit_seconds", 90}}));
  const FakeWorker worker = bench.connect("i", 1, {}, testing::small_study_kinds());
  const rpc::AttemptRef attempt = worker.link->assignments().at(0).attempt;
  bench.tell(worker, {rpc::AttemptStarted{attempt}});
  pass_alive(bench, worker, 89s);
  EXPECT_TRUE(worker.link->all<rpc::Cancel>().empty());
  bench.pass(1s);
  ASSERT_FALSE(worker.link->all<rpc::Cancel>().empty());
  EXPECT_THAT(worker.link->all<rpc::Cancel>().at(0).reason, HasSubstr("time limit"));
  const Json job = bench.reads->job(attempt.key.str());
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["code"], "time_limit");
  EXPECT_THAT(job["error"]["message"].get<std::string>(), HasSubstr("1 min 30 s"));
  EXPECT_EQ(job["attempts"][0]["state"], "failed");
}

TEST(Scheduling, TheForecastComesFromLikeJobs) {
  Bench bench;
  bench.submit_noop("before", 4);
  const FakeWorker worker = bench.connect("i");
  for (std::size_t i = 0; i < 4; ++i) {
    const rpc::AttemptRef attempt = worker.link->assignments().at(i).attempt;
    bench.tell(worker, {rpc::AttemptStarted{attempt}});
    pass_alive(bench, worker, 10s);
    bench.tell(worker, {Bench::success(attempt)});
  }
  bench.submit_noop("now", 6);
  const Json forecast = bench.reads->forecast("now");
  EXPECT_EQ(forecast["jobs"], 6);
  EXPECT_EQ(forecast["stages"][0]["of"], "others");
  EXPECT_NEAR(forecast["worker_seconds"]["likely"], 60, 1);
  EXPECT_NEAR(forecast["wall_seconds"]["likely"], 60, 1);
  EXPECT_EQ(forecast["gpu_seconds"]["high"], 0);
  EXPECT_EQ(bench.reads->forecast("before")["jobs"], 0);
  EXPECT_EQ(error_of([&] { bench.reads->forecast("none"); }).code(), ErrorCode::not_found);
}

TEST(Scheduling, WhyRefusesWhatIsNoKeyOrUnknown) {
  Bench bench;
  EXPECT_EQ(error_of([&] { bench.coordinator->why("abc"); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { bench.coordinator->why(std::string(64, 'a')); }).code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace checkerlab::coordinator
