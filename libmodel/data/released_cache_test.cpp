// Token caches in the released format: one that the released implementation wrote, written again, and broken.
#include "libmodel/data/released_cache.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/data/open_tokens.hpp"
#include "libmodel/data/released_writer.hpp"
#include "libmodel/data/testing/golden_cache.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/batches.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

const at::Tensor kCodebook = torch::zeros({128, 8});

// The cache's tokens as a writer takes them.
TokenizedImages taken_from(const ReleasedCache& cache, std::int64_t images) {
  TokenizedImages result;
  result.crops = cache.crop_count();
  result.classes = cache.metadata().classes;
  result.labels = cache.all_labels().slice(0, 0, images);
  for (std::int64_t i = 0; i < images; ++i)
    result.rows.push_back(i);
  for (const int side : cache.metadata().sides) {
    std::vector<std::int64_t> items, crops;
    for (std::int64_t i = 0; i < images * result.crops; ++i) {
      items.push_back(i / result.crops);
      crops.push_back(i % result.crops);
    }
    const auto rows = cache.gather(items, crops, side);
    result.tokens[side] = rows.reshape({images, result.crops, -1}).to(torch::kInt16);
  }
  return result;
}

TEST(ReleasedCacheGolden, GivesTheBatch) {
  const ReleasedCache cache(kGoldenCache / "cache/train", kCodebook);
  const auto batch = golden_cache_json().at("batch");
  const auto indices = batch.at("indices").get<std::vector<std::int64_t>>();
  const std::vector<std::int64_t> crops(indices.size(), batch.at("crop").get<std::int64_t>());
  EXPECT_EQ(cache.all_labels().size(0), 12);
  const auto tokens = cache.gather(indices, crops, 4);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    EXPECT_EQ(cache.all_labels()[indices[i]].item<std::int64_t>(), batch.at("labels").at(i).get<std::int64_t>());
    for (std::int64_t place = 0; place < 16; ++place) {
      EXPECT_EQ(tokens[static_cast<std::int64_t>(i)][place].item<std::int64_t>(),
                batch.at("tokens.4").at(i).at(place / 4).at(place % 4).get<std::int64_t>());
    }
  }
}

TEST(ReleasedCacheGolden, GivesTheModelsLoss) {
  const auto& golden = golden_case("ratio2");
  const ReleasedCache cache(kGoldenCache / "cache/train", golden.model.codebook);
  EXPECT_NO_THROW(check_tokens(cache, golden.model.config));
  const auto json = golden_cache_json().at("batch");
  const auto indices = json.at("indices").get<std::vector<std::int64_t>>();
  const std::vector<std::int64_t> crops(indices.size(), json.at("crop").get<std::int64_t>());
  TokenBatch batch;
  for (const int side : golden.model.config.sizes)
    batch.tokens.push_back(cache.gather(indices, crops, side));
  batch.sources = batch.tokens;
  batch.labels = cache.all_labels().index_select(0, torch::tensor(indices, torch::kInt64));
  const torch::NoGradGuard no_grad;
  const auto tables = golden.tables(4);
  const auto loss = sequence_loss(forward_logits(golden.model, batch, tables), sequence_targets(batch, tables));
  EXPECT_NEAR(loss.item<double>(), json.at("loss.4").get<double>(), 1e-5);
}

class ReleasedCacheTest : public testing::Test {
 protected:
  // The golden cache in a folder of its own, to be changed.
  ReleasedCacheTest() {
    for (const auto& entry : fs::directory_iterator(kGoldenCache / "cache/train"))
      fs::copy(entry.path(), folder_.path());
    metadata_file_ = find_released_metadata(folder_.path());
    const auto base = metadata_file_.string();
    shard_file_ = base.substr(0, base.size() - std::string("_metadata.json").size()) + "_shard_0000.safetensors";
    metadata_ = nlohmann::json::parse(SystemFiles().read(metadata_file_));
  }
  void refuse_metadata(const std::string& key, const nlohmann::json& value, const std::string& named) {
    auto changed = metadata_;
    changed[key] = value;
    std::ofstream(metadata_file_) << changed;
    expect_error(ErrorCode::invalid_data, named, [&] { ReleasedCache(folder_.path(), kCodebook); });
  }
  // Overwrites two bytes of the data after the header.
  void put_number(std::uint64_t offset, std::int16_t value) {
    std::fstream file(shard_file_, std::ios::in | std::ios::out | std::ios::binary);
    std::uint64_t header = 0;
    file.read(reinterpret_cast<char*>(&header), 8);
    file.seekp(static_cast<std::streamoff>(8 + header + offset));
    file.write(reinterpret_cast<const char*>(&value), 2);
  }
  TemporaryFolder folder_;
  fs::path metadata_file_, shard_file_;
  nlohmann::json metadata_;
  RecordingObserver observer_;
};

TEST_F(ReleasedCacheTest, IsWrittenByteForByte) {
  const ReleasedCache cache(folder_.path(), kCodebook);
  const auto out = folder_.path() / "again";
  const auto name =
      released_cache_name(256, "pretrained_models/autoenc_checkpoint.pth", {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16});
  const auto metadata = write_released_cache(out, name, taken_from(cache, 12), observer_);
  EXPECT_EQ(metadata.filename(), metadata_file_.filename());
  EXPECT_EQ(sha256_file(out / shard_file_.filename()), golden_cache_json().at("sha256_shard").get<std::string>());
  EXPECT_EQ(SystemFiles().read(metadata), SystemFiles().read(metadata_file_));
}

TEST_F(ReleasedCacheTest, SpreadsOverShards) {
  const ReleasedCache cache(folder_.path(), kCodebook);
  const auto out = folder_.path() / "shards";
  auto images = taken_from(cache, 12);
  images.rows = {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};  // as if image 1 had been corrupt
  write_released_cache(out, "small", images, observer_, 4);
  const auto opened = open_tokens(out, kCodebook);
  EXPECT_EQ(opened.sides.size(), 12u);
  EXPECT_EQ(opened.classes, (std::vector<std::string>{"ant", "bee", "cat"}));
  EXPECT_EQ(opened.source->all_labels().size(0), 11);
  for (std::int64_t item = 0; item < 11; ++item) {
    const auto row = images.rows[static_cast<std::size_t>(item)];
    EXPECT_TRUE(torch::equal(opened.source->gather({item}, {7}, 13), cache.gather({row}, {7}, 13)));
    EXPECT_EQ(opened.source->all_labels()[item].item<std::int64_t>(), cache.all_labels()[row].item<std::int64_t>());
  }
  ASSERT_TRUE(fs::remove(out / "small_shard_0001.safetensors"));
  expect_error(ErrorCode::not_found, "small_shard_0001", [&] { ReleasedCache(out, kCodebook); });
}

TEST_F(ReleasedCacheTest, RefusesMetadataThatDoNotFit) {
  refuse_metadata("num_images", 13, "shard_map has 12 entries");
  refuse_metadata("num_images", -1, "num_images is -1");
  refuse_metadata("num_images", "12", "num_images");
  refuse_metadata("num_classes", 4, "num_classes is 4");
  refuse_metadata("num_scales", 11, "num_scales");
  refuse_metadata("num_shards", 0, "num_shards");
  refuse_metadata("q_split_indices", {10, 50}, "q_split_indices");
  refuse_metadata("q_shapes", {{10, 1, 2}}, "q_shapes");
  refuse_metadata("shard_map", nlohmann::json::object(), "shard_map");
  auto map = metadata_["shard_map"];
  map["3"] = 1;
  refuse_metadata("shard_map", map, "shard_map names the shard 1");
  map = metadata_["shard_map"];
  map.erase("3");
  map["x3"] = 0;
  refuse_metadata("shard_map", map, "x3");
  auto shapes = metadata_["q_shapes"];
  shapes[11] = {10, 17, 17};
  refuse_metadata("q_shapes", shapes, "is not int16");
  std::ofstream(metadata_file_) << "no json";
  expect_error(ErrorCode::invalid_data, "no JSON object", [&] { ReleasedCache(folder_.path(), kCodebook); });
}

TEST_F(ReleasedCacheTest, RefusesShardsThatDoNotFit) {
  put_number(0, 3);  // the label of image 0
  expect_error(ErrorCode::invalid_data, "image 0 has the label 3 of 3",
               [&] { ReleasedCache(folder_.path(), kCodebook); });
  put_number(0, 0);
  put_number(2, 128);  // its first token at side 1
  const ReleasedCache cache(folder_.path(), kCodebook);
  EXPECT_NO_THROW(cache.gather({0}, {1}, 1));
  expect_error(ErrorCode::invalid_data, "image 0 has the token 128 of 128 codes at side 1",
               [&] { cache.gather({0}, {0}, 1); });
  put_number(2, -1);
  expect_error(ErrorCode::invalid_data, "token -1", [&] { cache.gather({0}, {0}, 1); });
  const auto whole = fs::file_size(shard_file_);
  fs::resize_file(shard_file_, whole - 5);
  expect_error(ErrorCode::invalid_data, "outside the file", [&] { ReleasedCache(folder_.path(), kCodebook); });
  fs::resize_file(shard_file_, 700);
  expect_error(ErrorCode::invalid_data, "header", [&] { ReleasedCache(folder_.path(), kCodebook); });
  fs::resize_file(shard_file_, 3);
  expect_error(ErrorCode::invalid_data, "shorter than eight", [&] { ReleasedCache(folder_.path(), kCodebook); });
}

TEST_F(ReleasedCacheTest, RefusesRequestsThatCannotBe) {
  const ReleasedCache cache(folder_.path(), kCodebook);
  expect_error(ErrorCode::invalid_argument, "side 9", [&] { cache.check({1, 9}, 128); });
  expect_error(ErrorCode::invalid_argument, "codebook 128", [&] { cache.check({1, 2}, 64); });
  expect_error(ErrorCode::invalid_argument, "image 12", [&] { cache.gather({12}, {0}, 1); });
  expect_error(ErrorCode::invalid_argument, "crop 10", [&] { cache.gather({0}, {10}, 1); });
  fs::copy(metadata_file_, folder_.path() / "second_metadata.json");
  expect_error(ErrorCode::invalid_argument, "holds 2 token caches", [&] { ReleasedCache(folder_.path(), kCodebook); });
  expect_error(ErrorCode::not_found, "does not exist", [&] { open_tokens(folder_.path() / "none", kCodebook); });
}

// A header with every kind of damage ends in an Error, never in a crash.
TEST_F(ReleasedCacheTest, SurvivesDamagedHeaders) {
  const auto text = SystemFiles().read(shard_file_);
  int refused = 0;
  for (std::size_t at = 0; at < 1600; at += 7) {
    auto damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
    std::ofstream(shard_file_, std::ios::binary) << damaged;
    try {
      ReleasedCache(folder_.path(), kCodebook);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_data) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 150);
}

}  // namespace
}  // namespace checkerlab::model
