// `checkerlab plan`, and the files that definitions name.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "cli/run/measured_rates.hpp"
#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using testing::LabFolder;
using testing::Outcome;

const std::string kFig5 = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/paper/fig5.yaml";
const std::string kDemo = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(PlanVerb, NeedsNeitherDataNorCoordinator) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"plan", kFig5});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "train model")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "paper-fig5: 1,085 points of 5 models, 54,250,000 images to sample"))
      << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "NVIDIA H200"));
  EXPECT_TRUE(contains(outcome.out, "with 1 GPU about"));
  EXPECT_TRUE(std::filesystem::is_empty(lab.path()));
}

TEST(PlanVerb, MoreGpusShareTheWorkDownToTheLongestChain) {
  const LabFolder lab;
  const auto one = json::parse(lab.run_here({"plan", kFig5, "--json"}).out);
  const auto many = json::parse(lab.run_here({"plan", kFig5, "--json", "--gpus", "4"}).out);
  EXPECT_EQ(one.at("gpu_hours"), many.at("gpu_hours"));
  EXPECT_EQ(one.at("wall_hours"), one.at("gpu_hours"));
  EXPECT_NEAR(many.at("wall_hours").get<double>(),
              std::max(one.at("gpu_hours").get<double>() / 4, one.at("longest_chain_hours").get<double>()), 1e-6);
  EXPECT_EQ(json::parse(lab.run_here({"plan", kFig5, "--json", "--gpus", "99999"}).out).at("wall_hours"),
            one.at("longest_chain_hours"));
  EXPECT_TRUE(one.at("complete").get<bool>());
  EXPECT_EQ(one.at("stages").at(0).at("kind"), "import_file");
}

TEST(PlanVerb, RatesOfAFileAloneAreUsed) {
  const LabFolder lab;
  const auto rates =
      lab.write("r.yaml", "rates:\n- {kind: train_model, gflop: 1, per_second: 10, machine: m, date: d, source: s}\n");
  const auto plan = json::parse(lab.run_here({"plan", kDemo, "--json", "--rates", rates}).out);
  EXPECT_FALSE(plan.at("complete").get<bool>());
  for (const auto& stage : plan.at("stages")) {
    EXPECT_EQ(stage.at("gpu_hours").is_null(), stage.at("kind") != "train_model") << stage;
  }
  const auto faulty = lab.write("f.yaml", "rates: [{kind: a}]");
  const Outcome refused = lab.run_here({"plan", kDemo, "--rates", faulty});
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(contains(refused.err, "rates.0: gflop must be a number")) << refused.err;
}

TEST(PlanVerb, ACoordinatorsOwnSpeedsGoFirst) {
  FakeCoordinator server;
  const LabFolder lab;
  lab.write("token", "secret\n");
  server.answer("GET /api/v1/workers",
                {{"items",
                  {{{"name", "a"}, {"state", "online"}, {"slots", 2}, {"device", {{"type", "cuda"}}}},
                   {{"name", "b"}, {"state", "offline"}, {"slots", 1}, {"device", {{"type", "cuda"}}}},
                   {{"name", "c"}, {"state", "online"}, {"slots", 1}, {"device", {{"type", "cpu"}}}}}}});
  const json model{{"kind", "train_model"},
                   {"inputs", json::object()},
                   {"params",
                    {{"sizes", {1, 2, 4}},
                     {"classes", 4},
                     {"layers", 2},
                     {"width", 64},
                     {"hidden", 128},
                     {"steps", 10},
                     {"batch", 8}}}};
  server.answer("POST /api/v1/query", {{"columns", json::array()}, {"rows", json::array()}, {"truncated", false}});
  server.answer("POST /api/v1/query", {{"columns", json::array()},
                                       {"rows", {{"train_model", model.dump(), 2.0, "our card", "2026-01-02"}}},
                                       {"truncated", false}});
  const auto plan = json::parse(lab.run_here({"plan", kDemo, "--json", "--url", server.url()}).out);
  EXPECT_EQ(plan.at("gpus"), 2);
  for (const auto& stage : plan.at("stages")) {
    if (stage.at("kind") != "train_model") continue;
    EXPECT_EQ(stage.at("rates").at(0).at("machine"), "our card");
    EXPECT_EQ(stage.at("rates").at(0).at("per_second"), 40);
  }
}

TEST(MeasuredRates, EqualWorkIsOneRateAndItsMedian) {
  const json dataset{
      {"kind", "import_dataset"}, {"params", {{"source", "files"}, {"size", 8}}}, {"inputs", json::object()}};
  const json model{{"kind", "train_model"},
                   {"inputs", {{"tokens.004", "t"}}},
                   {"params",
                    {{"sizes", {1, 2, 4}},
                     {"classes", 4},
                     {"layers", 2},
                     {"width", 64},
                     {"hidden", 128},
                     {"epochs", 2},
                     {"batch", 8}}}};
  const json tokens{
      {"kind", "tokenize_dataset"}, {"inputs", {{"dataset", "d"}}}, {"params", {{"size", 4}, {"crops", "flip"}}}};
  json finished = json::array();
  for (const double seconds : {1.0, 4.0, 2.0})
    finished.push_back({"train_model", model.dump(), seconds, "card", "2026-01-02"});
  const auto rates = rates_from_rows({{"d", dataset.dump(), 100}, {"t", tokens.dump(), nullptr}}, finished);
  ASSERT_EQ(rates.size(), 1U);
  EXPECT_EQ(rates[0].per_second, 100);  // two epochs of 100 images in 2 s
  EXPECT_TRUE(rates_from_rows({{"t", tokens.dump(), nullptr}}, finished).empty());
}

TEST(GivenFiles, AreFoundHashedAndNamedInTheRequest) {
  const LabFolder lab;
  const auto file = lab.write("m.safetensors", "model");
  const std::vector<std::string> args{"run",    kDemo,   "--dry-run",
                                      "--json", "--set", "model.given=[{ratio: 2, file: " + file + "}]"};
  const Outcome first = lab.run_here(args);
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "model.given.0.file " + file + ": sha256 " + sha256_hex("model").substr(0, 12)))
      << first.err;
  EXPECT_EQ(json::parse(first.out).at("jobs_by_kind").at("import_file"), 1);
  const Outcome missing = lab.run_here({"run", kDemo, "--dry-run", "--set", "model.given=[{ratio: 2, file: no/such}]"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_TRUE(contains(missing.err, "model.given.0.file: ")) << missing.err;
}

TEST(GivenFiles, ANetworkIsFoundByItsNameInTheDataDirectory) {
  const LabFolder lab;
  std::filesystem::create_directories(lab.path() + "/networks");
  const auto file = lab.write("networks/inception.pth", "network");
  const auto reference = lab.write("r.npz", "reference");
  std::string text;
  {
    std::ifstream demo(kDemo);
    text.assign(std::istreambuf_iterator<char>(demo), {});
  }
  const auto at = text.find("metric_network:");
  text.erase(at, text.find("\n\n", at) - at);
  const auto study = lab.write("study.yaml", text);
  const std::vector<std::string> rest{"--dry-run", "--json", "--set", "evaluation.reference={file: " + reference + "}"};
  const auto call = [&](const std::string& name) {
    std::vector<std::string> args{"run", study, "--set", "evaluation.network={name: " + name + "}"};
    args.insert(args.end(), rest.begin(), rest.end());
    return lab.run_here(args);
  };
  EXPECT_TRUE(contains(call("inception").err, file)) << call("inception").err;
  EXPECT_EQ(call("inception").code, 0);
  EXPECT_EQ(call("inception.pth").out, call("inception").out);
  const Outcome missing = call("incepton");
  EXPECT_EQ(missing.code, 1);
  EXPECT_TRUE(contains(missing.err, "there is no file called 'incepton'")) << missing.err;
}

}  // namespace
}  // namespace checkerlab::cli
