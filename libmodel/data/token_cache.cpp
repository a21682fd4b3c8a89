#include "libmodel/data/token_cache.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/modules/artifact.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "tokens";

void check(const TokenCache& cache, const std::string& where) {
  const bool fits = cache.tokens.dim() == 3 && cache.tokens.scalar_type() == torch::kInt16 && cache.labels.dim() == 1 &&
                    cache.labels.scalar_type() == torch::kInt64 && cache.tokens.size(0) == cache.labels.size(0) &&
                    cache.tokens.size(2) == cache.side * cache.side;
  if (!fits) throw Error(ErrorCode::invalid_data, "the token cache " + where + " does not hold together");
}

}  // namespace

TokenCache tokenize_dataset(const Dataset& dataset, VqTokenizer& tokenizer, std::int64_t side, Crops crops,
                            std::int64_t batch, torch::Device device, Observer& observer) {
  const torch::NoGradGuard no_grad;
  if (side < 1 || batch < 1 || tokenizer->config().codes > 32768) {
    throw Error(ErrorCode::invalid_argument, "a token cache needs a positive size and batch and at most 32768 codes");
  }
  tokenizer->to(device);
  tokenizer->eval();
  const auto count = dataset.train_images.size(0);
  TokenCache cache{torch::empty({count, crop_count(crops), side * side}, torch::kInt16), dataset.train_labels.clone(),
                   side};
  for (std::int64_t begin = 0; begin < count; begin += batch) {
    throw_if_cancelled(observer, "the tokenisation of the data set");
    const auto end = std::min(begin + batch, count);
    const auto images = normalise_pixels(dataset.train_images.slice(0, begin, end).to(device));
    for (std::int64_t crop = 0; crop < crop_count(crops); ++crop) {
      const auto tokens = tokenizer->tokenize(take_crop(images, crops, crop), side);
      cache.tokens.slice(0, begin, end).select(1, crop).copy_(tokens.flatten(1).to(torch::kInt16));
    }
    observer.progress(end, count, "images");
  }
  return cache;
}

void write_token_cache(const std::filesystem::path& path, const TokenCache& cache) {
  check(cache, path.string());
  TensorFile file;
  file.tensors = {{"tokens", cache.tokens}, {"labels", cache.labels}};
  file.metadata = artifact_metadata(kKind, {{"side", cache.side}});
  write_safetensors(path, file);
}

std::vector<std::filesystem::path> write_token_caches(const std::filesystem::path& folder,
                                                      const TokenizedImages& images) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io_error, "cannot make the folder " + folder.string() + ": " + error.message());
  const auto rows = torch::tensor(images.rows, torch::kInt64);
  const bool all = rows.size(0) == images.labels.size(0);
  std::vector<std::filesystem::path> paths;
  for (const auto& [side, tokens] : images.tokens) {
    char name[40];
    std::snprintf(name, sizeof name, "tokens_%03d.safetensors", side);
    paths.push_back(folder / name);
    write_token_cache(paths.back(), {all ? tokens : tokens.index_select(0, rows),
                                     all ? images.labels : images.labels.index_select(0, rows), side});
  }
  return paths;
}

TokenCache read_token_cache(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  TokenCache cache;
  cache.side = config_value<std::int64_t>(artifact_config(file, kKind, path), "side", path);
  cache.tokens = file.at("tokens", path);
  cache.labels = file.at("labels", path);
  check(cache, path.string());
  return cache;
}

}  // namespace checkerlab::model
