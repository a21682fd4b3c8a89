// The verbs around the tokenizer, from command line to files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"
#include "libmodel/data/open_tokens.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/image/testing/read_bytes.hpp"
#include "libmodel/tokenizer/testing/tiny_tokenizer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "worker/verbs/program.hpp"

namespace checkerlab::worker {
namespace {

using testing::HasSubstr;
using Arguments = std::vector<std::string>;

class TokenizerVerbs : public testing::Test {
 protected:
  TokenizerVerbs() {
    torch::manual_seed(2);
    const model::VqTokenizer tokenizer(model::tiny_tokenizer_config());
    model::write_tokenizer(path("t.safetensors"), tokenizer);
    for (std::int64_t i = 0; i < 12; ++i) {
      const auto split = i < 8 ? "train/" : "test/";
      model::put_file(
          folder_.path() / "set" / (split + std::string(i % 2 == 0 ? "cat/" : "dog/") + std::to_string(i) + ".png"),
          model::shape_png(i));
    }
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  // Runs a verb on the small set; its error text where it fails.
  nlohmann::json run(const std::string& verb, const Arguments& more) {
    Arguments arguments{verb, "--json",   "--tokenizer", path("t.safetensors"), "--images", path("set"), "--image-size",
                        "8",  "--device", "cpu",         "--threads",           "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::ostringstream out, err;
    const std::atomic<bool> stop{false};
    code_ = run_model_program(arguments, {out, err, false, stop});
    error_ = err.str();
    return code_ == 0 ? nlohmann::json::parse(out.str()) : nlohmann::json();
  }

  TemporaryFolder folder_;
  int code_ = 0;
  std::string error_;
};

TEST_F(TokenizerVerbs, TokenizeWritesBothFormats) {
  const auto released = run("tokenize", {"--out", path("released"), "--name", "small"});
  ASSERT_EQ(code_, 0) << error_;
  EXPECT_EQ(released.at("images"), 8);
  EXPECT_EQ(released.at("crops"), 10);
  EXPECT_EQ(released.at("files").at(0), path("released/small_metadata.json"));
  const auto own = run("tokenize", {"--out", path("own"), "--format", "checkerlab"});
  ASSERT_EQ(code_, 0) << error_;
  EXPECT_EQ(own.at("files").size(), 4U);
  const auto codebook = torch::zeros({32, 4});
  const auto a = model::open_tokens(path("released"), codebook), b = model::open_tokens(path("own"), codebook);
  EXPECT_EQ(a.sides, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_TRUE(torch::equal(a.source->gather({5}, {9}, 4), b.source->gather({5}, {9}, 4)));
  EXPECT_EQ(run("tokenize", {"--out", path("test"), "--split", "test", "--crops", "flip"}).at("images"), 4);
}

TEST_F(TokenizerVerbs, RetrainCodebookWritesATokenizerAndGoesOn) {
  const Arguments settings{"--steps", "40",   "--gather-steps", "10", "--redraw-every",     "10", "--batch", "4",
                           "--lr",    "0.02", "--measure",      "8",  "--checkpoint-every", "15"};
  auto first = settings;
  first.insert(first.end(), {"--out", path("new.safetensors")});
  const auto report = run("retrain-codebook", first);
  ASSERT_EQ(code_, 0) << error_;
  EXPECT_EQ(report.at("quality").at("after").at("scales").size(), 3U);
  auto second = settings;
  second.insert(second.end(), {"--out", path("again.safetensors"), "--resume", path("new.safetensors.checkpoint")});
  run("retrain-codebook", second);
  ASSERT_EQ(code_, 0) << error_;
  const auto a = model::read_tokenizer(path("new.safetensors")), b = model::read_tokenizer(path("again.safetensors"));
  EXPECT_TRUE(torch::equal(a->codes(), b->codes()));
  EXPECT_FALSE(torch::equal(a->codes(), model::read_tokenizer(path("t.safetensors"))->codes()));
}

TEST_F(TokenizerVerbs, ReconstructMeasuresAndShows) {
  const auto report = run("reconstruct", {"--out", path("sheet.png"), "--count", "3", "--show", "2"});
  ASSERT_EQ(code_, 0) << error_;
  EXPECT_EQ(report.at("images"), 3);
  EXPECT_EQ(report.at("scales").at(2).at("side"), 4);
  EXPECT_FALSE(report.contains("rfid"));
  const auto sheet = model::decode_image(model::read_bytes(path("sheet.png")), "sheet.png");
  EXPECT_EQ(sheet.height, 2 * (64 + 2) + 2);
  EXPECT_EQ(sheet.width, 4 * (64 + 2) + 2);
}

TEST_F(TokenizerVerbs, RefuseWhatCannotBe) {
  run("tokenize", {"--out", path("x"), "--crops", "five"});
  EXPECT_THAT(error_, HasSubstr("unknown crops 'five'"));
  run("reconstruct", {"--sides", "9"});
  EXPECT_THAT(error_, HasSubstr("1 ... 4"));
  model::put_file(folder_.path() / "set/train/cat/a.png", "this is text");
  run("tokenize", {"--out", path("x")});
  EXPECT_THAT(error_, HasSubstr("train/cat/a.png"));
}

}  // namespace
}  // namespace checkerlab::worker
