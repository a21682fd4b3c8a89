// Studies that search for guidance: they grow with their scores, in one piece with them, and end when the search ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"
#include "coordinator/store/user_query.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/subject.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;

constexpr std::int64_t kValues = 31;

const std::vector<std::string> kKinds{"import_dataset",       "train_tokenizer",      "tokenize_dataset",
                                      "train_metric_network", "reference_statistics", "train_model",
                                      "sample_grid",          "evaluate_shard",       "score_point"};

// One curve of 31 values: 100 images of a screen, 300 in all.
StudySubmission searching_study(const std::string& name, std::vector<std::string> more = {}) {
  std::vector<std::string> overrides{"sweep.guidance={search: {from: 0, to: 3, step: 0.1, screen_samples: 100}}",
                                     "sweep.ratios=[2]", "sweep.steps_per_scale=[4]", "evaluation.samples=300",
                                     "evaluation.shard_size=100"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  const std::string text = SystemFiles().read(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/testing/study.yaml");
  StudySubmission submission{name, "A search", text, "study.yaml", overrides, {}, {}};
  submission.plan = sweeps::plan_study(sweeps::parse_study(text, "study.yaml", overrides));
  submission.search = sweeps::search_document(text, "study.yaml", overrides, std::nullopt, {});
  return submission;
}

double guidance_of(const rpc::Assignment& job) {
  const std::string label = job.hints.at("label");
  return std::strtod(label.c_str() + label.find("guidance ") + 9, nullptr);
}

rpc::JobResult answer(const rpc::Assignment& job) {
  const std::string kind = job.spec.at("kind");
  rpc::JobResult result = testing::result_for(job);
  if (kind == "score_point") {
    const double n = job.spec.at("params").at("samples"), distance = guidance_of(job) - 1.3;
    result.metrics["fid"] = 6 + 4 * distance * distance + 200 / n;
    result.metrics["fid_uncertainty"] = 0.02;
    result.metrics["n"] = n;
  } else if (kind != "train_metric_network" && kind != "reference_statistics") {
    result = {{{"n", 1.0}}, {{"out", content_key({{"of", job.attempt.key.str()}}), 10}}, {}};
  }
  return result;
}

class Searching : public ::testing::Test {
 protected:
  // Works until nothing comes any more, or `stop` jobs are done; gives how many were.
  int work(int stop = 1'000'000) {
    const FakeWorker worker = bench_.connect("i", 4, {}, kKinds);
    int done = 0;
    for (std::size_t next = 0; next < worker.link->assignments().size() && done < stop; ++next, ++done)
      finish(worker, worker.link->assignments()[next]);
    bench_.coordinator->session_closed(worker.session);
    return done;
  }
  void finish(const FakeWorker& worker, const rpc::Assignment& job) {
    if (fails_ && fails_(job)) return bench_.tell(worker, {Bench::failure(job.attempt, "invalid_data", false)});
    bench_.tell(worker, {rpc::AttemptStarted{job.attempt},
                         rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, answer(job), std::nullopt}});
  }
  std::int64_t count(const std::string& where) {
    return bench_.number("SELECT COUNT(*) FROM guidance_values WHERE " + where);
  }
  std::string state(const std::string& study = "search") { return bench_.reads->study(study)["state"]; }
  // Everything that belongs to the study, told apart from the order in which it came.
  std::set<std::string> keys() {
    std::set<std::string> keys;
    const auto rows = run_user_query(*bench_.store, "select key from jobs where state = 'succeeded'")["rows"];
    for (const Json& row : rows)
      keys.insert(row[0]);
    return keys;
  }

  Bench bench_;
  std::function<bool(const rpc::Assignment&)> fails_;
};

TEST_F(Searching, GrowsUntilTheMinimumIsMeasured) {
  const SubmitOutcome outcome = bench_.submit(searching_study("search"));
  EXPECT_TRUE(outcome.created);
  EXPECT_EQ(count("decision = 'open'"), kValues);
  EXPECT_EQ(count("screen_job IS NOT NULL"), 9);
  EXPECT_EQ(bench_.reads->study("search")["ratios"], Json({"2"}));
  bool ended_early = false;
  const std::size_t told = bench_.events.size();
  work();
  for (std::size_t i = told; i + 1 < bench_.events.size(); ++i) {
    const ServerEvent& event = bench_.events[i];
    if (event.type == "study" && event.data["study"]["state"] == "succeeded")
      ended_early = event.data["study"]["points"]["total"] == 0 || ended_early;
  }
  EXPECT_FALSE(ended_early);
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(count("decision = 'open'"), 0);
  EXPECT_EQ(count("decision = 'minimum' AND guidance = 1.3"), 1);
  EXPECT_GT(count("decision = 'skipped'"), 0);
  EXPECT_GT(count("decision = 'screened_out'"), 0);
  EXPECT_GT(count("decision = 'within'"), 0);
  const Json study = bench_.reads->study("search");
  EXPECT_EQ(study["points"]["total"], count("score_job IS NOT NULL"));
  EXPECT_EQ(study["points"]["done"], study["points"]["total"]);
  EXPECT_EQ(study["jobs"]["total"], bench_.number("SELECT jobs_total FROM studies"));
}

TEST_F(Searching, ScreensNeverStandAmongResults) {
  bench_.submit(searching_study("search"));
  work();
  const auto query = [&](const std::string& sql) { return run_user_query(*bench_.store, sql)["rows"]; };
  EXPECT_EQ(query("select distinct n from fig_4a"), Json::parse("[[300]]"));
  EXPECT_EQ(query("select distinct n from results_long"), Json::parse("[[300]]"));
  EXPECT_EQ(query("select best_guidance, n from fig_5"), Json::parse("[[1.3, 300]]"));
  const Json points = bench_.reads->points("search");
  for (const Json& point : points["items"])
    EXPECT_EQ(point["n"], 300);
  const Json figure = bench_.reads->figure("search");
  EXPECT_EQ(figure["series"][0]["points"].size(), 1U);
  const Json& search = figure["search"];
  EXPECT_EQ(search["values"], kValues);
  EXPECT_EQ(search["images_of_grid"], kValues * 300);
  EXPECT_LT(search["images"].get<int>(), kValues * 300 / 2);
  // Images that were drawn indeed: a measurement reuses the shards of its screen.
  EXPECT_EQ(search["images"], bench_.number("SELECT 100 * COUNT(*) FROM jobs WHERE kind = 'evaluate_shard'"));
  const auto rows = query(
      "select guidance, decision, screen_n, n, screen_fid is not null, fid is not null, reason from guidance_search "
      "where decision in ('minimum', 'skipped') order by decision limit 2");
  EXPECT_EQ(rows[0][1], "minimum");
  EXPECT_EQ(rows[0][4], 1);
  EXPECT_EQ(rows[0][5], 1);
  EXPECT_EQ(rows[1][1], "skipped");
  EXPECT_EQ(rows[1][5], 0);
}

class RestartedSearch : public Searching {};

TEST_F(RestartedSearch, ChangesNothing) {
  bench_.submit(searching_study("search"));
  while (work(3) > 0)
    bench_.restart();
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM results"), bench_.number("SELECT COUNT(*) FROM jobs"));
  const auto restarted = keys();
  Bench whole;
  whole.submit(searching_study("search"));
  const FakeWorker worker = whole.connect("i", 4, {}, kKinds);
  for (std::size_t next = 0; next < worker.link->assignments().size(); ++next) {
    const rpc::Assignment job = worker.link->assignments()[next];
    whole.tell(worker, {rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, answer(job), std::nullopt}});
  }
  EXPECT_EQ(static_cast<std::int64_t>(restarted.size()), whole.number("SELECT COUNT(*) FROM jobs"));
  const auto rows = run_user_query(*whole.store, "select key from jobs where state = 'succeeded'")["rows"];
  for (const Json& row : rows)
    EXPECT_TRUE(restarted.contains(row[0].get<std::string>()));
}

TEST_F(Searching, SubmittingAgainAddsNothing) {
  const SubmitOutcome first = bench_.submit(searching_study("search"));
  work();
  const auto jobs = bench_.number("SELECT COUNT(*) FROM jobs");
  const SubmitOutcome again = bench_.submit(searching_study("search"));
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.study_id, first.study_id);
  EXPECT_EQ(again.jobs_total, jobs);
  EXPECT_EQ(again.jobs_done, jobs);
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM jobs"), jobs);
  EXPECT_EQ(work(), 0);
}

TEST_F(Searching, WhatIsKnownAlreadyIsNotMeasuredAgain) {
  bench_.submit(searching_study("search"));
  work();
  const SubmitOutcome other = bench_.submit(searching_study("other"));
  EXPECT_TRUE(other.created);
  EXPECT_EQ(other.jobs_new, 0);
  EXPECT_EQ(state("other"), "succeeded");  // it grew to its end at once
  EXPECT_EQ(work(), 0);
  // The same first screens, another search: another study.
  const SubmitOutcome wider = bench_.submit(searching_study("search", {"sweep.guidance.search.within=0.1"}));
  EXPECT_TRUE(wider.created);
  EXPECT_GT(work(), 0);
  EXPECT_EQ(bench_.reads->study(wider.study_id)["state"], "succeeded");
}

// As if the process had died between a score and the growth that it brings: a start makes up for it.
TEST_F(Searching, AStartGrowsWhatShouldHaveGrown) {
  bench_.submit(searching_study("search"));
  const auto planned = bench_.number("SELECT COUNT(*) FROM jobs");
  work(static_cast<int>(planned));
  ASSERT_GT(bench_.number("SELECT COUNT(*) FROM jobs"), planned);
  bench_.store->write_and_wait([&](SQLite::Database& database) {
    const std::string later = std::to_string(planned);
    database.exec("UPDATE guidance_values SET screen_job = NULL, decision = 'open' WHERE screen_job > " + later);
    for (const char* table : {"attempts", "job_inputs", "study_jobs"})
      database.exec("DELETE FROM " + std::string(table) + " WHERE job > " + later);
    database.exec("DELETE FROM jobs WHERE number > " + later);
    database.exec("DELETE FROM study_stages");
    database.exec("UPDATE studies SET state = 'succeeded', finished_at = 1");
  });
  bench_.restart();
  EXPECT_GT(bench_.number("SELECT COUNT(*) FROM jobs"), planned);
  EXPECT_NE(state(), "succeeded");
  work();
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(count("decision = 'minimum' AND guidance = 1.3"), 1);
}

TEST_F(Searching, GoesAroundWhatFailsAndTakesItUpLater) {
  fails_ = [](const rpc::Assignment& job) {
    return job.spec.at("kind") == "evaluate_shard" && guidance_of(job) == 1.2;  // of the first screens
  };
  bench_.submit(searching_study("search"));
  work();
  EXPECT_EQ(state(), "failed");
  EXPECT_EQ(count("decision = 'open'"), 0);
  EXPECT_EQ(count("decision = 'failed' AND guidance = 1.2"), 1);
  EXPECT_EQ(count("decision = 'minimum' AND guidance = 1.3"), 1);
  fails_ = nullptr;
  bench_.restart();
  const SubmitOutcome again = bench_.submit(searching_study("search"));
  EXPECT_FALSE(again.created);
  EXPECT_GT(work(), 0);
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(count("decision = 'within' AND guidance = 1.2"), 1);
}

TEST_F(Searching, ACancelledSearchStandsStillUntilItIsSubmittedAgain) {
  bench_.submit(searching_study("search"));
  work(30);
  bench_.cancel("search");
  const auto jobs = bench_.number("SELECT COUNT(*) FROM jobs");
  bench_.restart();
  EXPECT_EQ(work(), 0);
  EXPECT_EQ(state(), "cancelled");
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM jobs"), jobs);
  bench_.submit(searching_study("search"));
  work();
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(count("decision = 'minimum' AND guidance = 1.3"), 1);
}

TEST_F(Searching, TakesAnotherDefinitionAndKeepsWhatItMeasured) {
  const std::string id = bench_.submit(searching_study("search")).study_id;
  work();
  const std::int64_t before = bench_.number("SELECT COUNT(*) FROM attempts");
  bench_.restart();
  const ReviseOutcome wider = bench_.revise("search", searching_study("search", {"sweep.ratios=[2, single]"}));
  EXPECT_EQ(wider.study_id, id);
  EXPECT_EQ(wider.jobs_removed, 0);
  EXPECT_GT(wider.jobs_added, 0);
  EXPECT_EQ(bench_.reads->study("search")["ratios"], Json({"2", "single"}));
  EXPECT_EQ(count("decision = 'open'"), kValues);  // of the new curve
  work();
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(count("decision = 'minimum'"), 2);
  EXPECT_EQ(bench_.reads->study("search")["points"]["total"], count("score_job IS NOT NULL"));
  EXPECT_EQ(bench_.reads->study("search")["jobs"]["total"], bench_.number("SELECT jobs_total FROM studies"));
  EXPECT_GT(bench_.number("SELECT COUNT(*) FROM attempts"), before);
  EXPECT_EQ(bench_.number("SELECT MAX(attempt) FROM jobs"), 1);  // nothing ran twice
}

TEST_F(Searching, MayBecomeAListOfWhatItFound) {
  bench_.submit(searching_study("search"));
  work();
  const std::int64_t before = bench_.number("SELECT COUNT(*) FROM attempts");
  StudySubmission list = searching_study("search", {"sweep.guidance=[1.3]"});
  list.search = nullptr;
  const ReviseOutcome outcome = bench_.revise("search", list);
  EXPECT_EQ(outcome.jobs_added, 0);
  EXPECT_GT(outcome.jobs_removed, 0);
  EXPECT_EQ(state(), "succeeded");
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM guidance_values"), 0);
  EXPECT_EQ(bench_.reads->points("search")["items"].size(), 1U);
  bench_.restart();
  EXPECT_EQ(work(), 0);
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM attempts"), before);
}

}  // namespace
}  // namespace checkerlab::coordinator
