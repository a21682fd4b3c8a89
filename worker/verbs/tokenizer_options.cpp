#include "worker/verbs/tokenizer_options.hpp"

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/order/scales.hpp"

namespace checkerlab::worker {

void TokenizerOptions::configure(CLI::App& command) {
  command.add_option("--tokenizer", tokenizer, "Tokenizer: our safetensors, or a released checkpoint that holds one")
      ->required();
  command.add_option("--tokenizer-config", config,
                     "Its autoencoder_config.yaml (default: beside it, or from its tensors)");
  command
      .add_option("--images", images,
                  "Images: class folders, tar or tar.gz of them, numbered shards (NAME-{000000..000146}.tar), CIFAR "
                  "binaries")
      ->required();
  command.add_option("--image-size", image_size, "Side of the images in pixels")->capture_default_str();
  command.add_option("--split", split, "train, test, val or all")->capture_default_str();
  command.add_option("--sides", sides, "Token sides, for example 1,2,4,8,16")->delimiter(',');
  command.add_option("--threads", threads, "Threads that decode (default: as many as the machine has)");
  command.add_option("--max-corrupt", max_corrupt, "Images that may be corrupt; each is named")->capture_default_str();
  command.add_option("--device", device, "auto, cpu, cuda or cuda:N")->capture_default_str();
}

model::VqTokenizer TokenizerOptions::load() const {
  return model::load_any_tokenizer(tokenizer, config.empty() ? std::nullopt : std::optional(config));
}

std::int64_t TokenizerOptions::thread_count() const {
  if (threads > 0) return threads;
  return std::max<std::int64_t>(1, std::thread::hardware_concurrency());
}

std::vector<std::int64_t> TokenizerOptions::sides_or_pyramid(const model::TokenizerConfig& structure) const {
  if (image_size < structure.stride || image_size % structure.stride != 0) {
    throw Error(ErrorCode::invalid_argument,
                "the image size " + std::to_string(image_size) + " is not a multiple of the tokenizer's stride of " +
                    std::to_string(structure.stride) + " pixels",
                "Choose another --image-size.");
  }
  const auto grid = static_cast<int>(image_size / structure.stride);
  const auto chosen = sides.empty() ? model::scale_sizes(grid, 2.0) : sides;
  if (*std::min_element(chosen.begin(), chosen.end()) < 1 || *std::max_element(chosen.begin(), chosen.end()) > grid)
    throw Error(ErrorCode::invalid_argument, "--sides must lie in 1 ... " + std::to_string(grid));
  std::vector<std::int64_t> result(chosen.begin(), chosen.end());
  std::sort(result.begin(), result.end());
  // The largest scale is the image itself.
  if (result.back() != grid) result.push_back(grid);
  return result;
}

}  // namespace checkerlab::worker
