// `checkerlab score` as a person calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/evaluation/evaluator_version.hpp"
#include "libmodel/evaluation/metric_network.hpp"
#include "worker/verbs/program.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

struct Ran {
  int code = 0;
  std::string out, err;
};

class ScoreVerb : public testing::Test {
 protected:
  ScoreVerb() {
    const auto statistics = model::read_safetensors(data("golden_statistics/features.safetensors"));
    const auto scores = model::read_safetensors(data("golden_scores/features.safetensors"));
    all_ = statistics.tensors;
    all_.insert(scores.tensors.begin(), scores.tensors.end());
    write("a", {{"pool3", all_.at("A")}, {"spatial", all_.at("spatial_A")}, {"logits", logits(600)}});
    write("b", {{"pool3", all_.at("B")}, {"spatial", all_.at("spatial_B")}});
  }

  static fs::path data(const char* name) { return fs::path(CHECKERLAB_TEST_DATA) / name; }
  at::Tensor logits(std::int64_t rows) const { return all_.at("logits").slice(0, 0, rows).contiguous(); }
  std::string path(const std::string& name) const { return (folder_.path() / (name + ".safetensors")).string(); }

  void write(const std::string& name, const std::map<std::string, at::Tensor>& tensors,
             const std::map<std::string, std::string>& metadata = {}) const {
    model::write_safetensors(path(name), {tensors, metadata});
  }

  static Ran ran(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--device", "cpu"});
    std::ostringstream out, err;
    const std::atomic<bool> stop{false};
    Ran result;
    result.code = run_verb_program(*find_top_verb("score"), arguments, {out, err, false, stop});
    result.out = out.str();
    result.err = err.str();
    return result;
  }

  Ran features(std::vector<std::string> more, const std::string& samples = "a",
               const std::string& reference = "b") const {
    more.insert(more.begin(), {"--sample-features", path(samples), "--reference-features", path(reference)});
    return ran(more);
  }

  json scored(std::vector<std::string> more, const std::string& samples = "a",
              const std::string& reference = "b") const {
    more.emplace_back("--json");
    const auto result = features(std::move(more), samples, reference);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }

  TemporaryFolder folder_;
  std::map<std::string, at::Tensor> all_;
};

TEST_F(ScoreVerb, GoldenFeaturesHaveGoldenScores) {
  std::ifstream stream(data("golden_scores/expected.json"));
  const auto wanted = json::parse(stream);
  const auto found = scored({"--is-block", "100"});
  EXPECT_NEAR(found.at("fid"), wanted.at("fid").at("A_B").at("value").get<double>(), 1e-9);
  EXPECT_NEAR(found.at("sfid"), wanted.at("fid").at("spatial (sFID)").at("value").get<double>(), 1e-9);
  EXPECT_NEAR(found.at("inception_score"), 3.167045423778015, 1e-6);
  EXPECT_EQ(found.at("precision"), 478.0 / 600);
  EXPECT_EQ(found.at("recall"), 402.0 / 500);
  EXPECT_NEAR(found.at("kid"), 0.04107409619436275, 1e-10);
  EXPECT_NEAR(found.at("density"), 0.8144444444444444, 1e-12);
  EXPECT_EQ(found.at("coverage"), 0.728);
  for (const auto* name :
       {"fid", "sfid", "inception_score", "inception_score_std", "precision", "recall", "kid", "density", "coverage"})
    EXPECT_GT(found.at(std::string(name) + "_uncertainty").get<double>(), 0) << name;
  EXPECT_EQ(found.at("n"), 600);
  EXPECT_EQ(found.at("n_reference"), 500);
  EXPECT_EQ(found.at("evaluator_version"), model::kEvaluatorVersion);
  EXPECT_EQ(found.at("reference_sha256"), sha256_file(path("b")));
  EXPECT_TRUE(found.at("network_sha256").is_null());
  EXPECT_FALSE(found.contains("fid_infinity"));
  for (const auto& [key, value] : found.items())
    EXPECT_TRUE(value.is_primitive()) << key;
}

TEST_F(ScoreVerb, OnlyWhatWasAskedFor) {
  const auto found = scored({"--metrics", "fid,fid_infinity"});
  EXPECT_TRUE(found.contains("fid"));
  EXPECT_LT(found.at("fid_infinity").get<double>(), found.at("fid").get<double>());
  for (const auto* name : {"sfid", "kid", "inception_score", "precision", "density"})
    EXPECT_FALSE(found.contains(name)) << name;
}

TEST_F(ScoreVerb, NeighboursAndBlocksCanBeChosen) {
  const auto found = scored({"--metrics", "dc,is", "--neighbours", "5", "--is-block", "250"});
  EXPECT_NEAR(found.at("density"), 0.8493333333333334, 1e-12);
  EXPECT_EQ(found.at("coverage"), 0.858);
  EXPECT_EQ(found.at("neighbours"), 5);
  EXPECT_EQ(found.at("inception_score_blocks"), 3);
  EXPECT_EQ(found.at("inception_score_last_block"), 100);
}

// 592 samples asked for with a batch of 150 make 600, and so a last block of 8 behind 2 of 296.
TEST_F(ScoreVerb, ExactlyNOrTheReleasedLayout) {
  const auto exact = scored({"--metrics", "is", "--count", "592", "--is-block", "296"});
  EXPECT_EQ(exact.at("n"), 592);
  EXPECT_EQ(exact.at("inception_score_blocks"), 2);
  const auto ragged = scored({"--metrics", "is", "--count", "592", "--ragged", "150", "--is-block", "296"});
  EXPECT_EQ(ragged.at("n"), 600);
  EXPECT_EQ(ragged.at("inception_score_blocks"), 3);
  EXPECT_EQ(ragged.at("inception_score_last_block"), 8);
  EXPECT_LT(ragged.at("inception_score").get<double>(), exact.at("inception_score").get<double>());
  EXPECT_THAT(features({"--metrics", "is", "--count", "601"}).err, HasSubstr("600, fewer than the 601"));
}

TEST_F(ScoreVerb, EqualFeaturesHaveNoDistance) {
  write("few", {{"pool3", all_.at("C")}});
  EXPECT_NEAR(scored({"--metrics", "fid,sfid"}, "a", "a").at("fid"), 0, 1e-6);
  EXPECT_NEAR(scored({"--metrics", "fid"}, "few", "few").at("fid"), 0, 1e-6);
}

TEST_F(ScoreVerb, FewSamplesHaveNoUncertainty) {
  write("few", {{"pool3", all_.at("A").slice(0, 0, 16).contiguous()}, {"logits", logits(16)}});
  const auto found = scored({}, "few");
  EXPECT_TRUE(found.at("fid").is_number());
  EXPECT_TRUE(found.at("fid_uncertainty").is_null());
  EXPECT_TRUE(found.at("recall_uncertainty").is_null());
  EXPECT_FALSE(found.contains("sfid"));
  const auto table = features({}, "few");
  EXPECT_THAT(table.out, HasSubstr("Below 20 samples there is no uncertainty"));
  EXPECT_THAT(table.err, HasSubstr("without data for sfid"));
}

TEST_F(ScoreVerb, SaysWhichMetricsLackRowsForTheirNeighbours) {
  write("few", {{"pool3", all_.at("A").slice(0, 0, 16).contiguous()}});
  const auto table = features({"--neighbours", "20"}, "few");
  EXPECT_THAT(table.err, HasSubstr("without data for sfid, is\n"));
  EXPECT_THAT(table.err, HasSubstr("without pr: 20 neighbours need more rows than there are"));
  EXPECT_THAT(table.out, HasSubstr("coverage"));
}

TEST_F(ScoreVerb, ProbabilitiesServeAsLogits) {
  write("p", {{"softmax_nobias", at::softmax(all_.at("logits_extreme"), 1)}});
  EXPECT_NEAR(scored({"--metrics", "is"}, "p").at("inception_score"), 12, 1e-6);
  write("both", {{"logits_nobias", logits(600)}, {"softmax_nobias", at::softmax(logits(600), 1)}});
  EXPECT_EQ(scored({"--metrics", "is"}, "both").at("inception_score"),
            scored({"--metrics", "is"}).at("inception_score"));
}

TEST_F(ScoreVerb, TheTableHasValuesAndIdentity) {
  const auto table = features({"--metrics", "fid,pr"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("1.27975 ± "));
  EXPECT_THAT(table.out, HasSubstr("600 samples against 500"));
  EXPECT_THAT(table.out, HasSubstr("precision"));
}

TEST_F(ScoreVerb, SaysWhatIsWrong) {
  const auto refused = [&](std::vector<std::string> more, const std::string& samples, const std::string& reference,
                           const std::string& text) {
    const auto result = features(std::move(more), samples, reference);
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_EQ(result.out, "");
  };
  auto broken = all_.at("A").clone();
  broken[417][3] = std::nan("");
  write("nan", {{"pool3", broken}});
  write("narrow", {{"pool3", all_.at("spatial_B")}});
  write("only_pool", {{"pool3", all_.at("B")}});
  write("nothing", {{"weights", all_.at("B")}});
  write("ragged", {{"pool3", all_.at("A")}, {"spatial", all_.at("spatial_B")}});
  refused({"--metrics", "fid"}, "nan", "b", "row 417 of pool3 of the samples");
  refused({"--metrics", "fid"}, "a", "narrow", "64 features and the reference has 36");
  refused({"--metrics", "kid"}, "a", "narrow", "64 features and the reference has 36");
  refused({"--metrics", "sfid"}, "a", "only_pool", "lacks what sfid needs (spatial); it has: pool3");
  refused({"--metrics", "sfid"}, "only_pool", "b", "no 'spatial'");
  refused({"--metrics", "is"}, "only_pool", "b", "they have: pool3");
  refused({"--metrics", "fid"}, "nothing", "b", "it holds: weights");
  refused({"--metrics", "fid"}, "ragged", "b", "600 and 500 ('spatial') rows");
  refused({"--metrics", "pr", "--neighbours", "500"}, "a", "b", "neighbour 500");
  refused({"--metrics", "fid,fda"}, "a", "b", "no metric 'fda'");
  refused({"--metrics", "is", "--ragged", "8"}, "a", "b", "--count");
  EXPECT_THAT(ran({"--samples", "folder"}).err, HasSubstr("feature network"));
  EXPECT_THAT(ran({"--reference-features", path("b")}).err, HasSubstr("there are no samples"));
  EXPECT_THAT(ran({"--sample-features", path("a"), "--metrics", "fid"}).err, HasSubstr("there is no reference"));
}

TEST_F(ScoreVerb, FeaturesOfTwoNetworksAreNotCompared) {
  write("one", {{"pool3", all_.at("A")}}, {{"network_sha256", "1111"}});
  write("two", {{"pool3", all_.at("B")}}, {{"network_sha256", "2222"}});
  EXPECT_THAT(features({}, "one", "two").err, HasSubstr("network 1111 and the reference's of 2222"));
  EXPECT_EQ(scored({"--metrics", "fid"}, "one", "b").at("network_sha256"), "1111");
}

// Images through a network give what their features in a file give.
TEST_F(ScoreVerb, ImagesAreScoredThroughANetwork) {
  torch::manual_seed(3);
  const auto network = (folder_.path() / "network.safetensors").string();
  model::write_metric_network(network, model::MetricNetwork(model::MetricNetworkConfig{{8}, 6, 4}));
  const auto images = folder_.path() / "images", others = folder_.path() / "others";
  for (std::int64_t i = 0; i < 24; ++i)
    model::put_file((i % 3 == 0 ? others : images) / (std::to_string(100 + i) + ".png"), model::shape_png(i));
  for (const auto& set : {images, others}) {
    std::ostringstream out, err;
    const std::atomic<bool> stop{false};
    run_verb_program(*find_top_verb("features"),
                     {"--network", network, "--device", "cpu", "--out", path(set.filename().string()), set.string()},
                     {out, err, false, stop});
  }
  const auto direct = ran(
      {"--samples", images.string(), "--reference", others.string(), "--network", network, "--batch", "5", "--json"});
  ASSERT_EQ(direct.code, 0) << direct.err;
  const auto found = json::parse(direct.out), wanted = scored({}, "images", "others");
  for (const auto* name : {"fid", "inception_score", "precision", "recall", "kid", "density", "coverage"})
    EXPECT_NEAR(found.at(name).get<double>(), wanted.at(name).get<double>(), 1e-4) << name;
  EXPECT_EQ(found.at("n"), 16);
  EXPECT_EQ(found.at("n_reference"), 8);
  EXPECT_EQ(found.at("network_sha256"), sha256_file(network));
  EXPECT_EQ(wanted.at("network_sha256"), sha256_file(network));
  EXPECT_EQ(found.at("network_precision"), "fp32");
}

}  // namespace
}  // namespace checkerlab::worker
