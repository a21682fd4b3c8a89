// `model trace`, `model sample` and `model entropy` on a released checkpoint.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "worker/verbs/program.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;

class NumberVerbs : public testing::Test {
 protected:
  int run(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    return run_model_program(arguments, {out, err, false, stop});
  }
  std::string golden(const std::string& file) {
    return std::string(CHECKERLAB_TEST_DATA) + "/golden_model/single/" + file;
  }
  std::string inside(const std::string& file) { return (folder.path() / file).string(); }

  TemporaryFolder folder;
  std::ostringstream out, err;
  std::atomic<bool> stop{false};
};

TEST_F(NumberVerbs, traceWritesWhatWasAskedFor) {
  ASSERT_EQ(run({"trace", "--checkpoint", golden("checkpoint.pth"), "--inputs", golden("inputs.safetensors"), "--out",
                 inside("out.safetensors"), "--device", "cpu", "--only", "loss.4,greedy.cfg0.P4.tokens.8", "--json"}),
            0)
      << err.str();
  const auto traced = model::read_safetensors(inside("out.safetensors"));
  const auto expected = model::read_safetensors(golden("expected.safetensors"));
  ASSERT_EQ(traced.tensors.size(), 2U);
  EXPECT_NEAR(traced.tensors.at("loss.4").item<double>(), expected.tensors.at("loss.4").item<double>(), 1e-5);
  EXPECT_TRUE(
      torch::equal(traced.tensors.at("greedy.cfg0.P4.tokens.8"), expected.tensors.at("greedy.cfg0.P4.tokens.8")));
  EXPECT_EQ(nlohmann::json::parse(out.str())["quantities"]["greedy.cfg0.P4.tokens.8"], (std::vector<int>{2, 8, 8}));
}

TEST_F(NumberVerbs, averagedWeightsAreAnotherModel) {
  ASSERT_EQ(run({"trace", "--checkpoint", golden("checkpoint.pth"), "--ema", "--inputs", golden("inputs.safetensors"),
                 "--out", inside("out.safetensors"), "--device", "cpu", "--only", "loss.4"}),
            0)
      << err.str();
  EXPECT_NEAR(model::read_safetensors(inside("out.safetensors")).tensors.at("loss.4").item<double>(),
              model::read_safetensors(golden("expected.safetensors")).tensors.at("ema.loss.4").item<double>(), 1e-5);
}

TEST_F(NumberVerbs, traceRefusesUnknownNames) {
  EXPECT_EQ(run({"trace", "--checkpoint", golden("checkpoint.pth"), "--inputs", golden("inputs.safetensors"), "--out",
                 inside("out.safetensors"), "--only", "logit.4"}),
            1);
  EXPECT_NE(err.str().find("logits.4"), std::string::npos) << err.str();
  EXPECT_FALSE(fs::exists(inside("out.safetensors")));
}

TEST_F(NumberVerbs, sampleWritesPicturesAndMaps) {
  ASSERT_EQ(
      run({"sample", "--checkpoint", golden("checkpoint.pth"), "--classes", "7,3", "--count", "2", "--guidance", "1.5",
           "--steps-per-scale", "4", "--out", inside("samples"), "--device", "cpu", "--show", "order,entropy,pyramid"}),
      0)
      << err.str();
  for (const char* name : {"grid.png", "sample_000000.png", "sample_000001_entropy.png", "sample_000001_pyramid.png",
                           "order.png", "steps.png"}) {
    EXPECT_TRUE(fs::exists(folder.path() / "samples" / name)) << name;
  }
  const auto about = nlohmann::json::parse(SystemFiles().read(folder.path() / "samples/samples.json"));
  EXPECT_EQ(about["labels"], (std::vector<int>{7, 3}));
}

TEST_F(NumberVerbs, sampleMarksOtherOrders) {
  ASSERT_EQ(run({"sample", "--checkpoint", golden("checkpoint.pth"), "--count", "1", "--order", "raster", "--npz",
                 "--out", inside("samples"), "--device", "cpu"}),
            0)
      << err.str();
  EXPECT_NE(err.str().find("not the one that the model was trained in"), std::string::npos) << err.str();
  EXPECT_TRUE(fs::exists(inside("samples/samples.npz")) && fs::exists(inside("samples/grid.raster.png")));
}

TEST_F(NumberVerbs, sampleRefusesWhatCannotBe) {
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    std::vector<std::string> arguments{"sample",   "--checkpoint", golden("checkpoint.pth"), "--out", inside("samples"),
                                       "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(run(arguments), 1) << part;
    EXPECT_NE(err.str().find(part), std::string::npos) << err.str();
    EXPECT_FALSE(fs::exists(inside("samples/grid.png")));
  };
  refused({"--classes", "207"}, "no class 207");
  refused({"--steps-per-scale", "0"}, "0 steps per scale");
  refused({"--steps-per-scale", "65"}, "65 steps per scale");
  refused({"--steps-per-scale", "4,4"}, "2 numbers of steps");
  refused({"--top-p", "0"}, "top-p");
  refused({"--guidance", "-1"}, "guidance");
  refused({"--order", "diagonal"}, "diagonal");
  refused({"--show", "everything"}, "everything");
  refused({"--count", "0"}, "--count");
}

TEST_F(NumberVerbs, entropyWritesStepsAndAChartWhateverTheBatch) {
  const auto measure = [&](const std::string& batch) {
    EXPECT_EQ(run({"entropy", "--checkpoint", golden("checkpoint.pth"), "--device", "cpu", "--count", "6", "--batch",
                   batch, "--steps-per-scale", "4", "--out", inside("entropy"), "--json"}),
              0)
        << err.str();
    return nlohmann::json::parse(out.str());
  };
  const auto whole = measure("6");
  ASSERT_EQ(whole.at("steps").size(), 4U);
  EXPECT_EQ(whole.at("steps").at(3).at("tokens"), 16);
  const auto parts = measure("4");
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(parts.at("steps").at(i).at("mean"), whole.at("steps").at(i).at("mean"), 1e-5);
  EXPECT_TRUE(std::filesystem::exists(inside("entropy/entropy.csv")));
  EXPECT_TRUE(std::filesystem::exists(inside("entropy/entropy.svg")));
}

TEST_F(NumberVerbs, entropyRefusesStepsThatCannotBe) {
  EXPECT_EQ(run({"entropy", "--checkpoint", golden("checkpoint.pth"), "--device", "cpu", "--steps-per-scale", "0",
                 "--out", inside("entropy")}),
            1);
  EXPECT_NE(err.str().find("0 steps per scale"), std::string::npos) << err.str();
  EXPECT_FALSE(std::filesystem::exists(inside("entropy")));
}

TEST_F(NumberVerbs, theHelpSaysWhichGuidanceIsMeant) {
  EXPECT_EQ(run({"sample", "--help"}), 0);
  EXPECT_NE(out.str().find("0 is none"), std::string::npos);
  EXPECT_NE(out.str().find("2.5"), std::string::npos);
}

}  // namespace
}  // namespace checkerlab::worker
