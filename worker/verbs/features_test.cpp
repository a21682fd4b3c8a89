// `checkerlab features` as a person calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/evaluation/metric_network.hpp"
#include "libmodel/evaluation/set_features.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "worker/verbs/program.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

struct Ran {
  int code = 0;
  std::string out, err;
};

class FeaturesVerb : public testing::Test {
 protected:
  FeaturesVerb() {
    torch::manual_seed(3);
    model::write_metric_network(network_, model::MetricNetwork(model::MetricNetworkConfig{{8}, 6, 4}));
    for (std::int64_t i = 0; i < 5; ++i)
      model::put_file(images_ / (std::to_string(i) + ".png"), model::shape_png(i));
  }

  Ran ran(std::vector<std::string> options) {
    options.insert(options.end(), {"--device", "cpu", "--network", network_.string(), "--out", out_.string()});
    std::ostringstream out, err;
    const std::atomic<bool> stop{false};
    const int code = run_verb_program(*find_top_verb("features"), options, {out, err, false, stop});
    return {code, out.str(), err.str()};
  }
  Ran ran_on_images(std::vector<std::string> options) {
    options.push_back(images_.string());
    return ran(options);
  }

  const TemporaryFolder folder_;
  const fs::path network_ = folder_.path() / "network.safetensors", images_ = folder_.path() / "images",
                 out_ = folder_.path() / "features.safetensors";
};

TEST_F(FeaturesVerb, WritesWhatTheNetworkGives) {
  for (const char* batch : {"2", "64"}) {
    const Ran result = ran_on_images({"--batch", batch});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out, "5 images in " + out_.string() + "\n");
    const auto file = model::read_safetensors(out_);
    model::NullObserver observer;
    const auto set = model::open_image_set(images_, observer);
    const auto network = model::open_feature_network(network_, c10::kCPU);
    std::vector<at::Tensor> pool, logits;
    const auto pass = model::compute_set_features(*set, *network, {.batch = 1}, observer, [&](const auto& features) {
      pool.push_back(features.pool);
      logits.push_back(features.logits);
    });
    EXPECT_EQ(file.tensors.size(), 3U);
    EXPECT_TRUE(torch::allclose(file.tensors.at("pool3"), torch::cat(pool), 0, 1e-5));
    EXPECT_TRUE(torch::allclose(file.tensors.at("logits_nobias"), torch::cat(logits), 0, 1e-5));
    EXPECT_TRUE(torch::allclose(file.tensors.at("softmax_nobias"), torch::softmax(torch::cat(logits), 1), 0, 1e-5));
    EXPECT_EQ(file.metadata.at("network_sha256"), sha256_file(network_));
    EXPECT_EQ(file.metadata.at("names_sha256"), sha256_hex("0.png\n1.png\n2.png\n3.png\n4.png\n"));
    EXPECT_EQ(file.metadata.at("images_sha256"), pass.images_sha256);
    EXPECT_EQ(file.metadata.at("precision"), "fp32");
  }
}

TEST_F(FeaturesVerb, ReportsAsJson) {
  model::put_file(images_ / "2.png", "no image");
  const Ran result = ran_on_images({"--json", "--max-corrupt", "1"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto report = json::parse(result.out);
  EXPECT_EQ(report.at("n"), 4);
  EXPECT_EQ(report.at("corrupt"), 1);
  EXPECT_EQ(report.at("height"), 16);
  EXPECT_EQ(report.at("file"), out_.string());
  EXPECT_EQ(model::read_safetensors(out_).tensors.at("pool3").size(0), 4);
}

TEST_F(FeaturesVerb, LeavesNoFileWhenSomethingIsWrong) {
  model::put_file(images_ / "2.png", "no image");
  const Ran corrupt = ran_on_images({});
  EXPECT_EQ(corrupt.code, 1);
  EXPECT_THAT(corrupt.err, HasSubstr("2.png cannot be read"));
  const Ran nowhere = ran({(folder_.path() / "nowhere").string()});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("nowhere does not exist"));
  const Ran usage = ran({"--batch", "0", images_.string()});
  EXPECT_EQ(usage.code, 1);
  EXPECT_THAT(usage.err, HasSubstr("See: checkerlab features --help"));
  const auto left = std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator{});
  EXPECT_EQ(left, 2);  // the network and the images
}

TEST_F(FeaturesVerb, HasAHelpWithExamples) {
  const Ran help = ran({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* part : {"checkerlab features", "--network", "--mode", "--max-corrupt", "--json", "Examples:"})
    EXPECT_THAT(help.out, HasSubstr(part));
}

}  // namespace
}  // namespace checkerlab::worker
