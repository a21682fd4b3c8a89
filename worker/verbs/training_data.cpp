#include "worker/verbs/training_data.hpp"

#include <algorithm>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "libmodel/data/open_tokens.hpp"
#include "libmodel/data/released_writer.hpp"
#include "libmodel/data/tokenize_images.hpp"
#include "sweeps/pyramid.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kCudaBatch = 256, kCpuBatch = 32;
constexpr const char* kCacheName = "cache";

int grid_of(const sweeps::RecipeData& data, int stride) {
  if (data.size % stride == 0) return data.size / stride;
  throw Error(ErrorCode::invalid_argument,
              "images of " + std::to_string(data.size) + " pixels do not divide into tokens of " +
                  std::to_string(stride) + " pixels",
              "Correct data.size: a multiple of the tokenizer's stride");
}

int class_count(const model::OpenedTokens& opened, const sweeps::RecipeData& data) {
  const int named = static_cast<int>(opened.classes.size());
  if (named > 0 && data.classes > 0 && named != data.classes)
    throw Error(ErrorCode::invalid_argument,
                "the token cache " + data.path + " has " + std::to_string(named) + " classes, the recipe says " +
                    std::to_string(data.classes),
                "Correct data.classes, or leave it out");
  if (named > 0) return named;
  if (data.classes == 0)
    throw Error(ErrorCode::invalid_argument, "the token cache " + data.path + " does not say how many classes it has",
                "Add data.classes to the recipe");
  const at::Tensor& labels = opened.source->all_labels();
  const auto most = labels.numel() == 0 ? 0 : labels.max().item<std::int64_t>() + 1;
  if (most > data.classes)
    throw Error(ErrorCode::invalid_argument,
                "the token cache " + data.path + " has labels of " + std::to_string(most) +
                    " classes, the recipe says " + std::to_string(data.classes),
                "Correct data.classes");
  return data.classes;
}

}  // namespace

void prepare_tokens(const sweeps::RecipeDefinition& recipe, model::VqTokenizer& tokenizer, const fs::path& folder,
                    c10::Device device, model::Observer& observer) {
  const sweeps::RecipeData& data = recipe.data;
  if (data.kind != sweeps::RecipeDataKind::images) return;
  const int grid = grid_of(data, static_cast<int>(tokenizer->config().stride));
  // The metadata come last: where they are, the cache is whole.
  if (fs::exists(folder / (std::string(kCacheName) + "_metadata.json"))) return;
  observer.log(model::LogLevel::info, "tokenises " + data.path);
  fs::create_directories(folder);
  const auto images = model::tokenize_images(data.path, tokenizer,
                                             {.image_size = data.size,
                                              .sides = sweeps::scale_sizes(grid, recipe.ratio),
                                              .crops = model::parse_crops(data.crops),
                                              .batch = device.is_cuda() ? kCudaBatch : kCpuBatch,
                                              .threads = std::max(1U, std::thread::hardware_concurrency()),
                                              .max_corrupt = data.max_corrupt},
                                             folder, device, observer);
  model::write_released_cache(folder, kCacheName, images, observer);
}

TrainingData open_training_data(const sweeps::RecipeDefinition& recipe, model::VqTokenizer& tokenizer,
                                const fs::path& folder) {
  const at::NoGradGuard no_gradients;
  const bool images = recipe.data.kind == sweeps::RecipeDataKind::images;
  auto opened = model::open_tokens(images ? folder : fs::path(recipe.data.path),
                                   tokenizer->codes().detach().to(at::kCPU).clone());
  TrainingData data;
  data.grid = opened.sides.back();
  data.classes = class_count(opened, recipe.data);
  data.tokens = std::move(opened.source);
  return data;
}

}  // namespace checkerlab::worker
