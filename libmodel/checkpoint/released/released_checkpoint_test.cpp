#include "libmodel/checkpoint/released/released_checkpoint.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>

#include "base/files.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/released_file.hpp"
#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
  return std::memcmp(a.contiguous().const_data_ptr(), b.contiguous().const_data_ptr(), a.nbytes()) == 0;
}

void expect_same_state(const StateDict& a, const StateDict& b) {
  EXPECT_EQ(a.names(), b.names());
  for (const std::string& name : a.names()) {
    ASSERT_TRUE(b.contains(name)) << name;
    EXPECT_TRUE(same_bits(a.load(name), b.load(name))) << name;
    EXPECT_EQ(a.record(name).parameter, b.record(name).parameter) << name;
  }
}

class GoldenCheckpoint : public testing::TestWithParam<std::string> {
 protected:
  fs::path folder = golden_folder(GetParam());
  ReleasedCheckpoint read() const { return read_released_checkpoint(folder / "checkpoint.pth"); }
};

TEST_P(GoldenCheckpoint, IsReadWhole) {
  const ReleasedCheckpoint checkpoint = read();
  EXPECT_EQ(checkpoint.epoch, 105);
  EXPECT_EQ(checkpoint.args["optimizer"], "adamw");
  EXPECT_EQ(checkpoint.args["lr_step_epochs"], nlohmann::json::parse("[100, 105]"));
  EXPECT_EQ(checkpoint.config.args["cfg_start_step"], 5);
  EXPECT_EQ(checkpoint.model.config.classes, 10);
  EXPECT_EQ(checkpoint.model.config.hidden, 256);
  EXPECT_TRUE(checkpoint.notes.empty());
  ASSERT_TRUE(checkpoint.tokenizer);
  EXPECT_EQ(checkpoint.tokenizer->buffers.size(), 2U);
  EXPECT_TRUE(same_bits(checkpoint.tokenizer->tokenizer->codes().detach(), checkpoint.model.codebook));
}

TEST_P(GoldenCheckpoint, HasTheOptimisersGroups) {
  const ReleasedCheckpoint checkpoint = read();
  std::ifstream stream(folder / "train.json");
  const auto train = nlohmann::json::parse(stream);
  ASSERT_TRUE(checkpoint.optimizer);
  ASSERT_EQ(checkpoint.optimizer->groups.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(nlohmann::json(checkpoint.optimizer->groups[i].names), train["groups"][i]["names"]);
    EXPECT_EQ(checkpoint.optimizer->groups[i].settings["weight_decay"], train["groups"][i]["weight_decay"]);
  }
}

TEST_P(GoldenCheckpoint, ComesBackBitForBit) {
  const TemporaryFolder out;
  write_released_checkpoint(out.path(), "checkpoint-105.pth", read());
  const ReleasedFile before = open_released_file(folder / "checkpoint.pth");
  const ReleasedFile after = open_released_file(out.path() / "checkpoint-105.pth");
  expect_same_state(before.state, after.state);
  ASSERT_EQ(before.ema.has_value(), after.ema.has_value());
  if (before.ema) expect_same_state(*before.ema, *after.ema);
  EXPECT_EQ(before.epoch, after.epoch);
  EXPECT_EQ(before.scaler, after.scaler);
  EXPECT_EQ(before.args, after.args);
  const auto optimizer = [&](const ReleasedFile& file) {
    return read_optimizer_state(*file.optimizer, file.state, "test");
  };
  const OptimizerState first = optimizer(before), second = optimizer(after);
  EXPECT_EQ(first.groups[1].settings, second.groups[1].settings);
  ASSERT_EQ(first.moments.size(), second.moments.size());
  for (const auto& [name, moments] : first.moments) {
    EXPECT_TRUE(same_bits(moments.average, second.moments.at(name).average)) << name;
    EXPECT_TRUE(same_bits(moments.square, second.moments.at(name).square)) << name;
    EXPECT_EQ(moments.steps, second.moments.at(name).steps);
  }
  SystemFiles files;
  for (const char* name : {"config.yaml", "autoencoder_config.yaml"})
    EXPECT_EQ(files.read(folder / name), files.read(out.path() / name));
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenCheckpoint, testing::Values("ratio2", "sqrt2", "single"));

TEST(ReleasedCheckpoint, HasTheScalesOfItsRatio) {
  const auto sizes = [](const std::string& name) {
    return load_any_model(golden_folder(name) / "checkpoint.pth").model.config.sizes;
  };
  EXPECT_EQ(sizes("ratio2"), (std::vector{1, 2, 4, 8, 16}));
  EXPECT_EQ(sizes("sqrt2"), (std::vector{1, 2, 3, 4, 6, 8, 11, 16}));
  EXPECT_EQ(sizes("single"), (std::vector{8}));
}

TEST(ReleasedCheckpoint, HasItsTrainingState) {
  const ReleasedCheckpoint checkpoint = read_released_checkpoint(golden_folder("single") / "checkpoint.pth");
  ASSERT_TRUE(checkpoint.ema);
  EXPECT_FALSE(same_bits(checkpoint.ema->weights.norm, checkpoint.model.weights.norm));
  EXPECT_TRUE(same_bits(checkpoint.ema->codebook, checkpoint.model.codebook));
  EXPECT_EQ(checkpoint.scaler["scale"], 65536.0);
  EXPECT_EQ(checkpoint.optimizer->moments.size(), 41U);
  const ParameterMoments& moments = checkpoint.optimizer->moments.at("llama.layers.1.attention.wo.weight");
  EXPECT_EQ(moments.steps, 3);
  EXPECT_EQ(moments.average.sizes(), at::IntArrayRef({32, 32}));
}

TEST(ReleasedCheckpoint, SharesNothingBetweenModelAndAverage) {
  const ReleasedCheckpoint checkpoint = read_released_checkpoint(golden_folder("single") / "checkpoint.pth");
  EXPECT_NE(checkpoint.ema->codebook.const_data_ptr(), checkpoint.model.codebook.const_data_ptr());
  EXPECT_NE(checkpoint.ema->weights.rope.const_data_ptr(), checkpoint.model.weights.rope.const_data_ptr());
}

}  // namespace
}  // namespace checkerlab::model
