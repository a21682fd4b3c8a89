#include "libmodel/data/released_cache.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "libmodel/data/released_shard.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = "_metadata.json";

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw Error(ErrorCode::invalid_data, "the token cache " + path.string() + " is broken: " + what,
              "Make or fetch the cache again.");
}

std::int16_t number_at(const std::uint8_t* place) {
  std::int16_t value = 0;
  std::memcpy(&value, place, sizeof value);
  return value;
}

}  // namespace

fs::path find_released_metadata(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.path().filename().string().ends_with(kEnding)) found.push_back(entry.path());
  }
  if (error) throw Error(ErrorCode::io_error, "cannot read the folder " + path.string() + ": " + error.message());
  if (found.size() == 1) return found.front();
  throw Error(found.empty() ? ErrorCode::not_found : ErrorCode::invalid_argument,
              "the folder " + path.string() + " holds " + std::to_string(found.size()) + " token caches (NAME" +
                  std::string(kEnding) + ")",
              "Give the path of one metadata file.");
}

ReleasedCache::ReleasedCache(const fs::path& path, at::Tensor codebook) : codebook_(std::move(codebook)) {
  const auto file = find_released_metadata(path);
  if (!file.filename().string().ends_with(kEnding))
    throw Error(ErrorCode::invalid_argument,
                file.string() + " is no metadata file of a token cache (NAME" + std::string(kEnding) + ")");
  base_ = file.string().substr(0, file.string().size() - kEnding.size());
  metadata_ = read_released_metadata(file);
  labels_ = at::full({metadata_.images}, -1, at::kLong);
  begins_.assign(static_cast<std::size_t>(metadata_.images), 0);
  for (std::size_t shard = 0; shard < static_cast<std::size_t>(metadata_.shards); ++shard)
    index_shard(shard);
  const auto* const labels = labels_.const_data_ptr<std::int64_t>();
  for (std::size_t image = 0; image < begins_.size(); ++image) {
    if (begins_[image] == 0 || labels[image] < 0)
      refuse(shard_path(metadata_.shard_of[image]),
             "it lacks the image " + std::to_string(image) + ", which the metadata put there");
  }
}

fs::path ReleasedCache::shard_path(std::size_t shard) const {
  char ending[32];
  std::snprintf(ending, sizeof ending, "_shard_%04zu.safetensors", shard);
  return base_.string() + ending;
}

void ReleasedCache::index_shard(std::size_t shard) {
  const auto path = shard_path(shard);
  shards_.push_back(MappedFile::open(path));
  const auto& file = shards_.back();
  auto* const labels = labels_.mutable_data_ptr<std::int64_t>();
  index_released_shard(file, path, metadata_.tokens_per_image(), [&](const ReleasedEntry& entry) {
    const auto image = static_cast<std::size_t>(entry.image);
    if (image >= begins_.size() || metadata_.shard_of[image] != shard)
      refuse(path, "it has the image " + std::to_string(image) + ", which the metadata do not put there");
    if (entry.is_label) {
      const auto label = number_at(file.data() + entry.begin);
      if (label < 0 || label >= static_cast<std::int64_t>(metadata_.classes.size()))
        refuse(path, "the image " + std::to_string(image) + " has the label " + std::to_string(label) + " of " +
                         std::to_string(metadata_.classes.size()) + " classes");
      labels[image] = label;
    } else {
      begins_[image] = entry.begin;
    }
  });
  file.forget();  // the labels lie a page or more apart: all were touched
}

void ReleasedCache::check(const std::vector<int>& sides, std::int64_t codes) const {
  for (const int side : sides)
    static_cast<void>(metadata_.begin_of(side));  // throws where there is none
  if (codes != codebook_.size(0))
    throw Error(ErrorCode::invalid_argument, "training tokens: the model has " + std::to_string(codes) +
                                                 " codes, the tokens' codebook " + std::to_string(codebook_.size(0)));
}

at::Tensor ReleasedCache::gather(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops,
                                 int side) const {
  const auto area = std::int64_t{side} * side;
  const auto first = metadata_.begin_of(side);
  const auto codes = codebook_.size(0);
  auto rows = at::empty({static_cast<std::int64_t>(items.size()), area}, at::kLong);
  auto* target = rows.mutable_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i] < 0 || items[i] >= metadata_.images || crops.at(i) < 0 || crops[i] >= metadata_.crops)
      throw Error(ErrorCode::invalid_argument, "the token cache has no crop " + std::to_string(crops[i]) +
                                                   " of an image " + std::to_string(items[i]));
    const auto image = static_cast<std::size_t>(items[i]);
    const auto shard = metadata_.shard_of[image];
    const auto* source = shards_[shard].data() + begins_[image] + 2 * (first + crops[i] * area);
    for (std::int64_t k = 0; k < area; ++k, source += 2) {
      const auto token = number_at(source);
      if (token < 0 || token >= codes)
        refuse(shard_path(shard), "the image " + std::to_string(image) + " has the token " + std::to_string(token) +
                                      " of " + std::to_string(codes) + " codes at side " + std::to_string(side));
      *target++ = token;
    }
  }
  return rows;
}

}  // namespace checkerlab::model
