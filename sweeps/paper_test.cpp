// The definitions of the paper's tables and figures are valid, plan, and mean what the paper says.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "schemas/validate.hpp"
#include "sweeps/estimate.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

StudyDefinition paper(const std::string& name, const std::vector<std::string>& overrides = {}) {
  return parse_study(testing::repository_file("sweeps/paper/" + name + ".yaml"), name, overrides);
}

std::vector<const Job*> jobs_of(const Plan& plan, const std::string& kind) {
  std::vector<const Job*> found;
  for (const Job& job : plan.jobs) {
    if (job.kind == kind) found.push_back(&job);
  }
  return found;
}

std::set<JobKey> keys_of(const Plan& plan, const std::string& kind) {
  std::set<JobKey> keys;
  for (const Job* job : jobs_of(plan, kind))
    keys.insert(job->key);
  return keys;
}

TEST(Paper, EveryDefinitionIsValidAndPlansFollowTheSchemas) {
  int definitions = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/paper")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".yaml" || name == "published") continue;
    ++definitions;
    const StudyDefinition study = paper(name);
    EXPECT_EQ(study.name, "paper-" + name);
    EXPECT_EQ(study.grid(), 16) << name;
    std::set<JobKey> seen;
    // Jobs that differ by numbers alone are many: the first of a kind stand for them.
    std::map<std::string, int> checked;
    for (const Job& job : plan_without_files(study).jobs) {
      for (const Input& input : job.inputs)
        EXPECT_TRUE(seen.contains(input.key)) << name << " " << job.kind << " " << input.role;
      seen.insert(job.key);
      if (++checked[job.kind] > 3) continue;
      EXPECT_NO_THROW(validate_job_spec(job.spec)) << name << job.spec.dump(1);
    }
  }
  EXPECT_EQ(definitions, 9);
}

TEST(Paper, TableOneHasItsThreePointsAndTheirTimes) {
  const Plan two = plan_without_files(paper("table1-2x")), four = plan_without_files(paper("table1-4x"));
  ASSERT_EQ(two.points.size(), 2u);
  ASSERT_EQ(four.points.size(), 1u);
  EXPECT_EQ(two.points[0].guidance, 1.4);
  EXPECT_EQ(two.points[1].guidance, 1.5);
  EXPECT_EQ(four.points[0].guidance, 1.7);
  for (const Point& point : {two.points[0], two.points[1], four.points[0]}) {
    EXPECT_EQ(point.total_steps, 17);
    EXPECT_EQ(point.guidance_start_step, 5);
    EXPECT_EQ(point.samples, 50'000);
  }
  EXPECT_EQ(jobs_of(two, "measure_latency").size(), 4u);
  EXPECT_EQ(jobs_of(four, "measure_latency").size(), 2u);
}

TEST(Paper, TheLargeModelOfRatioFourStartsFromThatOfRatioTwo) {
  const Plan two = plan_without_files(paper("table1-2x")), four = plan_without_files(paper("table1-4x"));
  const auto models = jobs_of(four, "train_model");
  ASSERT_EQ(models.size(), 2u);
  EXPECT_EQ(models[0]->key, jobs_of(two, "train_model").at(0)->key);
  EXPECT_EQ(models[0]->spec.at("params").at("epochs"), 210);
  EXPECT_EQ(models[1]->spec.at("inputs").at("start"), models[0]->key.str());
  EXPECT_EQ(models[1]->spec.at("params").at("epochs"), 30);
}

TEST(Paper, ModelsThatAreThereAreNotTrained) {
  const Plan plan = plan_without_files(paper("table1-4x", {"model.given=[{ratio: 2, file: a.pth}]"}));
  ASSERT_EQ(jobs_of(plan, "train_model").size(), 1u);
  EXPECT_TRUE(jobs_of(plan, "train_model")[0]->spec.at("inputs").contains("start"));
  const Plan none = plan_without_files(paper("table1-4x", {"model.given=[{ratio: 4, file: b.pth}]"}));
  EXPECT_TRUE(jobs_of(none, "train_model").empty());
  EXPECT_TRUE(jobs_of(none, "tokenize_dataset").empty());
}

TEST(Paper, FigureFiveHasEveryRatioAtEveryStepAndGuidance) {
  const Plan plan = plan_without_files(paper("fig5"));
  EXPECT_EQ(jobs_of(plan, "train_model").size(), 5u);
  EXPECT_TRUE(jobs_of(plan, "import_dataset").empty());  // ten crops come straight from the files
  std::set<int> single;
  for (const Point& point : plan.points) {
    EXPECT_EQ(point.guidance_start_step, 0);
    if (point.ratio == "single") single.insert(point.total_steps);
  }
  EXPECT_EQ(single, (std::set<int>{1, 2, 4, 8, 16, 32, 64}));
  EXPECT_EQ(plan.points.size(), 5u * 7 * 31);
}

TEST(Paper, FigureFourASharesThePointsOfTableOne) {
  const auto all = keys_of(plan_without_files(paper("fig4a")), "evaluate_shard");
  for (const JobKey& key : keys_of(plan_without_files(paper("table1-2x")), "evaluate_shard"))
    EXPECT_TRUE(all.contains(key));
}

TEST(Paper, TableTwoTrainsThreeModelsThatDifferInMixingAlone) {
  const Plan plan = plan_without_files(paper("table2"));
  const auto models = jobs_of(plan, "train_model");
  ASSERT_EQ(models.size(), 3u);
  std::set<int> mixing;
  for (const Job* job : models) {
    nlohmann::json params = job->spec.at("params");
    mixing.insert(params.at("mixing_layers").get<int>());
    params["mixing_layers"] = 0;
    EXPECT_EQ(params, models[0]->spec.at("params"));
  }
  EXPECT_EQ(mixing, (std::set<int>{0, 2, 12}));
  EXPECT_EQ(jobs_of(plan, "measure_mixing").size(), 2u);  // nothing to tell of the model without
  std::set<std::string> names;
  for (const Point& point : plan.points)
    names.insert(point.ratio);
  EXPECT_EQ(names, (std::set<std::string>{"2, mixing in 0 layers", "2, mixing in 2 layers", "2, mixing in 12 layers"}));
}

TEST(Paper, FiguresOfEntropyMeasureNoPoints) {
  const Plan six = plan_without_files(paper("fig6")), seven = plan_without_files(paper("fig7"));
  EXPECT_TRUE(six.points.empty());
  EXPECT_TRUE(jobs_of(six, "reference_statistics").empty());
  const auto runs = jobs_of(six, "measure_entropy");
  ASSERT_EQ(runs.size(), 2u);
  for (const Job* run : runs)
    EXPECT_EQ(run->spec.at("params").at("samples"), 10'000);
  EXPECT_EQ(keys_of(six, "measure_entropy"), keys_of(seven, "measure_entropy"));
}

}  // namespace
}  // namespace checkerlab::sweeps
