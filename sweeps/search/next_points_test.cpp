#include "sweeps/search/next_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/search/subject.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::issue_of;
using testing::repository_file;
using testing::study;

const std::string kSearch = "sweep.guidance={search: {from: 0, to: 3, step: 0.1, screen_samples: 100}}";

std::vector<std::string> with(std::vector<std::string> more) {
  more.insert(more.begin(), {kSearch, "evaluation.shard_size=100", "sweep.ratios=[2, single]"});
  return more;
}

SearchSubject subject(std::vector<std::string> more = {}) {
  return {study(with(std::move(more))), std::nullopt, {}};
}

std::set<JobKey> keys(const std::vector<Job>& jobs) {
  std::set<JobKey> all;
  for (const Job& job : jobs)
    all.insert(job.key);
  return all;
}

std::optional<ScoreOutcome> nothing(const JobKey&) {
  return std::nullopt;
}

// A world in which every score job gives the FID of its guidance: least at 1.3.
class World {
 public:
  World(const SearchSubject& subject, const CurvePlace& place) : subject_(subject), place_(place) {
    for (const GuidanceRecord& record : next_points(subject, place, nothing).records) {
      const double distance = record.point.guidance - 1.3;
      const double fid = 6 + 4 * distance * distance;
      truth_[record.screen_key] = {.failed = false, .fid = fid + 1, .uncertainty = 0.01};
      truth_[record.point.score_key] = {.failed = false, .fid = fid, .uncertainty = 0.01};
    }
  }

  SearchStep next() const {
    return next_points(subject_, place_, [this](const JobKey& key) -> std::optional<ScoreOutcome> {
      if (!known_.contains(key)) return std::nullopt;
      return truth_.at(key);
    });
  }
  // Scores all that is wanted; gives how many were new.
  std::size_t work() {
    std::size_t before = known_.size();
    for (const Job& job : next().jobs) {
      if (job.kind == "score_point") known_.insert(job.key);
    }
    return known_.size() - before;
  }

 private:
  const SearchSubject& subject_;
  CurvePlace place_;
  std::map<JobKey, ScoreOutcome> truth_;
  std::set<JobKey> known_;
};

TEST(NextPoints, BeginWithTheScreensOfThePlan) {
  const SearchSubject search = subject();
  const Plan plan = plan_study(search.study);
  EXPECT_TRUE(plan.points.empty());
  EXPECT_EQ(plan.screens.size(), 9u * 8);  // nine values, two ratios, four numbers of steps
  EXPECT_EQ(plan.sample_grids.size(), 2u);
  const auto planned = keys(plan.jobs);
  std::set<JobKey> screens;
  for (const CurvePlace& place : curve_places(search.study)) {
    const SearchStep step = next_points(search, place, nothing);
    EXPECT_EQ(step.records.size(), 31u);
    for (const Job& job : step.jobs) {
      EXPECT_TRUE(planned.contains(job.key)) << job.label;
      if (job.kind == "score_point") screens.insert(job.key);
    }
  }
  EXPECT_EQ(screens.size(), plan.screens.size());
}

TEST(NextPoints, GrowRoundByRoundWithInputsFirst) {
  const SearchSubject search = subject();
  World world(search, {0, 2, 0});
  std::set<JobKey> before;
  int rounds = 0;
  while (world.work() > 0) {
    const SearchStep step = world.next();
    const SearchStep again = world.next();
    EXPECT_EQ(keys(step.jobs), keys(again.jobs));
    EXPECT_TRUE(std::ranges::includes(keys(step.jobs), before));
    before = keys(step.jobs);
    std::set<JobKey> seen;
    for (const Job& job : step.jobs) {
      for (const Input& input : job.inputs)
        EXPECT_TRUE(seen.contains(input.key));
      EXPECT_TRUE(seen.insert(job.key).second);
    }
    ++rounds;
  }
  EXPECT_GE(rounds, 3);
  const auto records = world.next().records;
  EXPECT_EQ(records.at(13).verdict.decision, GuidanceDecision::minimum);
  EXPECT_EQ(records.at(13).point.guidance, 1.3);
  EXPECT_EQ(records.at(30).verdict.decision, GuidanceDecision::screened_out);
}

// What makes screens nearly free.
TEST(NextPoints, TheWholeMeasurementUsesTheScreensShards) {
  const SearchSubject search = subject();
  World world(search, {0, 0, 0});
  while (world.work() > 0) {
  }
  const SearchStep step = world.next();
  std::map<JobKey, const Job*> jobs;
  for (const Job& job : step.jobs)
    jobs[job.key] = &job;
  int both = 0;
  for (const GuidanceRecord& record : step.records) {
    if (!record.verdict.screen || !record.verdict.full) continue;
    ++both;
    const auto shard = [&](const JobKey& score) { return jobs.at(score)->spec.at("inputs").at("shard.0000"); };
    EXPECT_EQ(shard(record.screen_key), shard(record.point.score_key));
    EXPECT_EQ(jobs.at(record.screen_key)->spec.at("inputs").size(), 3u);       // one shard, reference, network
    EXPECT_EQ(jobs.at(record.point.score_key)->spec.at("inputs").size(), 7u);  // five shards
  }
  EXPECT_GT(both, 0);
}

TEST(NextPoints, AreThoseOfTheWholeGridAndOfAList) {
  const SearchSubject search = subject();
  const Plan grid = plan_study(study(with({"sweep.guidance.search.mode=full"})));
  EXPECT_EQ(grid.points.size(), 31u * 8);
  EXPECT_TRUE(grid.screens.empty());
  std::map<JobKey, std::size_t> place_in_grid;
  for (std::size_t i = 0; i < grid.points.size(); ++i)
    place_in_grid[grid.points[i].score_key] = i;
  for (const CurvePlace& place : curve_places(search.study)) {
    for (const GuidanceRecord& record : next_points(search, place, nothing).records)
      EXPECT_EQ(place_in_grid.at(record.point.score_key), static_cast<std::size_t>(record.position));
  }
  const Plan list = plan_study(study({"sweep.guidance=[0.3, 1.3]", "evaluation.shard_size=100", "sweep.ratios=[2]"}));
  for (const Point& point : list.points)
    EXPECT_TRUE(place_in_grid.contains(point.score_key));
}

TEST(NextPoints, PositionsAreDistinctOverSeedsAndModels) {
  const SearchSubject search = subject({"evaluation.seeds=[0, 1]", "sweep.mixing_layers=[0, 2]"});
  std::set<std::int64_t> positions;
  std::size_t records = 0;
  for (const CurvePlace& place : curve_places(search.study)) {
    for (const GuidanceRecord& record : next_points(search, place, nothing).records) {
      positions.insert(record.position);
      ++records;
    }
  }
  EXPECT_EQ(records, 31u * 2 * 2 * 4 * 2);
  EXPECT_EQ(positions.size(), records);
}

TEST(NextPoints, StepsThatMakeTheSameBlocksAreOneCurve) {
  EXPECT_EQ(curve_places(study(with({"sweep.ratios=[single]", "sweep.steps_per_scale=[48, 64, 40]"}))).size(), 1u);
}

TEST(SearchDocument, GivesTheSameSearchBack) {
  const auto document = search_document(repository_file("sweeps/testing/study.yaml"), "study.yaml", with({}),
                                        DatasetContent{"/data", std::string(64, 'b'), 7}, {{"a.file", "/a", "c"}});
  const SearchSubject read = read_search_document(nlohmann::json::parse(document.dump()));
  EXPECT_EQ(keys(next_points({read.study, std::nullopt, {}}, {0, 0, 0}, nothing).jobs),
            keys(next_points(subject(), {0, 0, 0}, nothing).jobs));
  EXPECT_EQ(read.content->images, 7);
  EXPECT_EQ(read.files.at(0).path, "/a");
  EXPECT_NE(search_identity(read.study), search_identity(subject({"evaluation.samples=400"}).study));
}

TEST(NextPoints, TheCifarSearchSharesItsModelsWithTheSmallStudy) {
  const DatasetContent content{"/data", std::string(64, 'b'), 50'000};
  const auto models = [&](const char* file) {
    std::set<JobKey> found;
    for (const Job& job : plan_study(parse_study(repository_file(file), file, {}), content).jobs) {
      if (job.kind == "train_model") found.insert(job.key);
    }
    return found;
  };
  const auto searched = models("sweeps/cifar10/search.yaml");
  EXPECT_EQ(searched.size(), 2u);
  EXPECT_TRUE(std::ranges::includes(models("sweeps/cifar10/small.yaml"), searched));
}

TEST(BadSearch, IsRefusedWithItsPlace) {
  const std::string text = repository_file("sweeps/testing/study.yaml");
  const auto issue = [&](const std::string& change) { return issue_of(text, with({change})); };
  EXPECT_THAT(issue("evaluation.shard_size=70").message, HasSubstr("no whole number of shards of 70"));
  EXPECT_THAT(issue("evaluation.shard_size=70").fix, HasSubstr("Set evaluation.shard_size to 100"));
  EXPECT_EQ(issue("sweep.guidance.search.screen_samples=500").path, "sweep.guidance.search.screen_samples");
  EXPECT_THAT(issue("sweep.guidance.search.to=0").message, HasSubstr("the search ends where it begins or before"));
  EXPECT_THAT(issue("sweep.guidance.search.step=2").message, HasSubstr("the search has 2 values"));
  EXPECT_THAT(issue("evaluation.metrics=[is]").message, HasSubstr("a search for guidance goes by fid"));
  EXPECT_THAT(issue("sweep.guidance.search.within=0.01").message, HasSubstr("results tell of all values within 2 %"));
  EXPECT_THAT(issue("sweep.guidance.search.mode=fast").message, HasSubstr("must be adaptive or full"));
  EXPECT_THAT(issue("sweep.guidance=3").message, HasSubstr("must be a list or a mapping"));
}

}  // namespace
}  // namespace checkerlab::sweeps
