// Studies that take another definition: what joins, leaves, is shared, and comes back; over restarts too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

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

std::int64_t results(Bench& bench) {
  return bench.number("SELECT COUNT(*) FROM results");
}
std::int64_t attempts(Bench& bench) {
  return bench.number("SELECT COUNT(*) FROM attempts");
}

// The counts that triggers keep are those of the tables.
void expect_true_counts(Bench& bench) {
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM studies s WHERE jobs_total <> (SELECT COUNT(*) FROM study_jobs WHERE "
                         "study = s.number)"),
            0);
  EXPECT_EQ(
      bench.number("SELECT COUNT(*) FROM study_stages g WHERE total <> (SELECT COUNT(*) FROM study_jobs sj JOIN "
                   "jobs j ON j.number = sj.job WHERE sj.study = g.study AND j.kind = g.kind) OR succeeded <> "
                   "(SELECT COUNT(*) FROM study_jobs sj JOIN jobs j ON j.number = sj.job WHERE sj.study = g.study "
                   "AND j.kind = g.kind AND j.state = 'succeeded') OR cancelled <> (SELECT COUNT(*) FROM "
                   "study_jobs sj JOIN jobs j ON j.number = sj.job WHERE sj.study = g.study AND j.kind = g.kind "
                   "AND j.state = 'cancelled') OR total <> blocked + queued + running + succeeded + failed + "
                   "cancelled OR known > succeeded"),
      0);
}

TEST(Revisions, AFinishedStudyRunsOnlyWhatIsNewAndStaysTheSameStudy) {
  Bench bench;
  const std::string id = bench.submit(set_study({1, 2, 3})).study_id;
  const FakeWorker worker = bench.connect("i");
  bench.work_off(worker);
  const ReviseOutcome extended = bench.revise("set", set_study({2, 3, 4, 5}));
  EXPECT_EQ(extended.study_id, id);
  EXPECT_EQ(extended.revision, 2);
  EXPECT_EQ(extended.jobs_total, 4);
  EXPECT_EQ(extended.jobs_added, 2);
  EXPECT_EQ(extended.jobs_removed, 1);
  EXPECT_EQ(extended.jobs_shared, 2);
  EXPECT_EQ(extended.jobs_new, 2);
  EXPECT_EQ(extended.jobs_cancelled, 0);
  const Json running = bench.reads->study("set");
  EXPECT_EQ(running["state"], "running");
  EXPECT_EQ(running["revision"], 2);
  EXPECT_EQ(running["definition"], "jobs: 2 3 4 5");
  EXPECT_EQ(running["jobs"]["total"], 4);
  EXPECT_EQ(running["jobs"]["succeeded"], 2);
  expect_true_counts(bench);
  bench.work_off(worker);
  EXPECT_EQ(bench.reads->study(id)["state"], "succeeded");
  EXPECT_EQ(results(bench), 5);
  EXPECT_EQ(attempts(bench), 5);  // nothing ran twice
  expect_true_counts(bench);
}

TEST(Revisions, WhatLeftComesBackWithItsResult) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  const FakeWorker worker = bench.connect("i");
  bench.work_off(worker);
  bench.revise("set", set_study({1}));
  EXPECT_EQ(results(bench), 2);
  const ReviseOutcome back = bench.revise("set", set_study({1, 2}));
  EXPECT_EQ(back.revision, 3);
  EXPECT_EQ(back.jobs_added, 1);
  EXPECT_EQ(back.jobs_new, 0);
  EXPECT_EQ(back.jobs_done, 1);
  EXPECT_EQ(bench.reads->study("set")["state"], "succeeded");
  EXPECT_EQ(attempts(bench), 2);
  expect_true_counts(bench);
}

TEST(Revisions, ShrinkingARunningStudyCancelsWhatNobodyElseNeeds) {
  Bench bench;
  bench.submit(set_study({1, 2, 3}));
  bench.submit(set_study({2, 9}, "other"));
  const FakeWorker worker = bench.connect("i", 2);
  ASSERT_EQ(worker.link->assignments().size(), 2U);  // 1 and 2 run
  const ReviseOutcome shrunk = bench.revise("set", set_study({4}));
  EXPECT_EQ(shrunk.jobs_removed, 3);
  EXPECT_EQ(shrunk.jobs_cancelled, 2);  // 1 and 3
  ASSERT_EQ(worker.link->all<rpc::Cancel>().size(), 1U);
  EXPECT_EQ(worker.link->all<rpc::Cancel>()[0].attempt.key.str(), set_key(1));
  const rpc::AttemptRef shared = worker.link->assignments()[1].attempt;
  bench.tell(worker, {Bench::success(shared)});
  EXPECT_EQ(bench.reads->job(set_key(2))["state"], "succeeded");
  EXPECT_EQ(bench.reads->job(set_key(3))["state"], "cancelled");
  EXPECT_TRUE(bench.reads->job(set_key(3))["studies"].empty());
  expect_true_counts(bench);
}

TEST(Revisions, SurviveARestartAtEveryStep) {
  Bench bench;
  const std::string id = bench.submit(set_study({1, 2})).study_id;
  bench.work_off(bench.connect("i"));
  bench.restart();
  bench.revise("set", set_study({2, 3}));
  bench.restart();
  EXPECT_EQ(bench.reads->study("set")["state"], "running");
  EXPECT_EQ(bench.revise("set", set_study({2, 3})).revision, 2);  // said again: nothing new
  EXPECT_EQ(bench.work_off(bench.connect("i")), 1);
  bench.restart();
  EXPECT_EQ(bench.reads->study("set")["id"], id);
  EXPECT_EQ(bench.reads->study("set")["state"], "succeeded");
  EXPECT_EQ(bench.submit(set_study({2, 3})).study_id, id);  // what it is now
  const SubmitOutcome before = bench.submit(set_study({1, 2}));
  EXPECT_TRUE(before.created);  // what it was once is another study by now
  EXPECT_NE(before.study_id, id);
  EXPECT_EQ(before.jobs_done, 2);
  bench.restart();
  EXPECT_EQ(bench.submit(set_study({1, 2})).study_id, before.study_id);
  EXPECT_EQ(attempts(bench), 3);
  expect_true_counts(bench);
}

TEST(Revisions, KeepEveryDefinition) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  bench.revise("set", set_study({2, 3}));
  StudySubmission renamed = set_study({2, 3});
  renamed.title = "Another title";
  renamed.definition += " # a remark";
  EXPECT_EQ(bench.revise("set", renamed).revision, 3);
  const Json items = bench.reads->revisions("set").at("items");
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[2]["definition"], "jobs: 1 2");
  EXPECT_EQ(items[2]["jobs_added"], 2);
  EXPECT_EQ(items[1]["jobs_added"], 1);
  EXPECT_EQ(items[1]["jobs_removed"], 1);
  EXPECT_EQ(items[1]["jobs_shared"], 1);
  EXPECT_EQ(items[0]["title"], "Another title");
  EXPECT_EQ(items[0]["submitted_by"], "tester");
  EXPECT_EQ(bench.reads->study("set")["title"], "Another title");
}

TEST(Revisions, AreComparedByKey) {
  Bench bench;
  bench.submit(set_study({1, 2, 3}));
  bench.submit(set_study({3, 4}, "other"));
  bench.revise("set", set_study({2, 3, 5}));
  bench.revise("set", set_study({5, 6}));
  const Json two = bench.reads->diff_revisions("set", 1, 2);
  EXPECT_EQ(two["added"]["jobs"], 1);
  EXPECT_EQ(two["removed"]["jobs"], 1);
  EXPECT_EQ(two["shared"]["jobs"], 2);
  EXPECT_EQ(two["from"]["revision"], 1);
  std::map<std::string, std::string> changes;
  for (const Json& item : two["items"])
    changes[item["key"]] = item["change"];
  EXPECT_EQ(changes, (std::map<std::string, std::string>{{set_key(5), "added"}, {set_key(1), "removed"}}));
  const Json back = bench.reads->diff_revisions("set", 3, 1);
  EXPECT_EQ(back["added"]["jobs"], 3);
  EXPECT_EQ(back["removed"]["jobs"], 2);
  const Json other = bench.reads->diff_studies("set", "other");
  EXPECT_EQ(other["shared"]["jobs"], 0);
  EXPECT_EQ(error_of([&] { bench.reads->diff_revisions("set", 1, 4); }).code(), ErrorCode::not_found);
}

TEST(Revisions, ADiffTellsWhatItWouldCostAndWhoShares) {
  Bench bench;
  bench.submit(set_study({1, 2}));
  bench.submit(set_study({2, 3}, "other"));
  const FakeWorker worker = bench.connect("i");
  bench.tell(worker, {Bench::success(worker.link->assignments().at(0).attempt)});  // 1
  std::vector<DiffJob> jobs{{set_key(1), "noop", ""}, {set_key(3), "noop", ""}, {set_key(7), "noop", ""}};
  const Json diff = bench.reads->diff_with("set", jobs);
  EXPECT_EQ(diff["added"]["jobs"], 2);
  EXPECT_EQ(diff["jobs_new"], 1);
  EXPECT_EQ(diff["jobs_done"], 0);
  EXPECT_EQ(diff["removed"]["jobs"], 1);
  EXPECT_EQ(diff["jobs_cancelled"], 0);  // 2 is needed by the other
  EXPECT_EQ(diff["shared"]["jobs"], 1);
  ASSERT_EQ(diff["shared_with"].size(), 1U);
  EXPECT_EQ(diff["shared_with"][0]["name"], "other");
  EXPECT_EQ(diff["shared_with"][0]["jobs"], 1);
  EXPECT_EQ(bench.reads->study("set")["revision"], 1);
}

TEST(Revisions, RefuseWhatCannotBeMeant) {
  Bench bench;
  bench.submit(set_study({1}));
  const Error other = error_of([&] { bench.revise("set", set_study({1}, "else")); });
  EXPECT_EQ(other.code(), ErrorCode::conflict);
  EXPECT_THAT(other.fix(), HasSubstr("--set name=set"));
  bench.revise("set", set_study({1, 2}));
  const Error late = error_of([&] { bench.revise("set", set_study({1, 3}), 1); });
  EXPECT_EQ(late.code(), ErrorCode::conflict);
  EXPECT_THAT(late.what(), HasSubstr("revision 2"));
  EXPECT_EQ(error_of([&] { bench.revise("set", set_study({})); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { bench.revise("none", set_study({1})); }).code(), ErrorCode::not_found);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM study_jobs"), 2);
}

TEST(Revisions, PointsFollowTheDefinition) {
  Bench bench;
  StudySubmission one = testing::small_study();
  const auto kept = one.plan.points.back();
  one.plan.points.pop_back();
  one.plan.jobs.resize(one.plan.jobs.size() - 2);
  bench.submit(one);
  ASSERT_EQ(bench.reads->points("small")["items"].size(), 1U);
  const ReviseOutcome both = bench.revise("small", testing::small_study());
  EXPECT_EQ(both.jobs_added, 2);
  ASSERT_EQ(bench.reads->points("small")["items"].size(), 2U);
  EXPECT_EQ(bench.reads->points("small")["items"][1]["score_key"], kept.score_key.str());
  EXPECT_EQ(bench.reads->study("small")["points"]["total"], 2);
  const Json diff = bench.reads->diff_revisions("small", 1, 2);
  EXPECT_EQ(diff["added"]["points"], 1);
  expect_true_counts(bench);
}

TEST(Revisions, ADiskThatIsFullLeavesTheStudyAsItWas) {
  Bench bench({.max_page_count = 160});
  bench.submit(set_study({1}));
  std::vector<int> many(3'000);
  for (int i = 0; i < 3'000; ++i)
    many[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(error_of([&] { bench.revise("set", set_study(many)); }).code(), ErrorCode::disk_full);
  bench.pass(std::chrono::seconds(1));
  EXPECT_EQ(bench.reads->study("set")["revision"], 1);
  EXPECT_EQ(bench.number("SELECT COUNT(*) FROM study_jobs"), 1);
  EXPECT_EQ(bench.revise("set", set_study({1, 2})).revision, 2);
}

}  // namespace
}  // namespace checkerlab::coordinator
