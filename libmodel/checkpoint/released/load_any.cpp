#include "libmodel/checkpoint/released/load_any.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/released/own_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_average(const fs::path& file) {
  throw Error(ErrorCode::not_found, file.string() + " holds no averaged weights", "Leave out --ema");
}

Model own_model(const fs::path& path, bool average) {
  ReleasedCheckpoint checkpoint = read_own_checkpoint(path);
  if (average && !checkpoint.ema) refuse_average(path);
  return average ? std::move(*checkpoint.ema) : std::move(checkpoint.model);
}

LoadedModel released_model(const fs::path& path, const LoadOptions& options) {
  ReleasedCheckpoint checkpoint = read_released_checkpoint(
      path, {.config = options.config, .ema = options.ema, .optimizer = false, .require_finite = false});
  if (options.ema && !checkpoint.ema) refuse_average(path);
  return {.model = options.ema ? std::move(*checkpoint.ema) : std::move(checkpoint.model),
          .tokenizer = checkpoint.tokenizer->tokenizer,
          .notes = std::move(checkpoint.notes)};
}

}  // namespace

LoadedModel load_any_model(const fs::path& path, const LoadOptions& options) {
  LoadedModel loaded = is_own_model(path) ? LoadedModel{.model = own_model(path, options.ema), .notes = {}}
                                          : released_model(path, options);
  if (options.require_finite) require_finite(loaded.model, path.string());
  loaded.model = loaded.model.to(options.device);
  if (!loaded.tokenizer.is_empty()) loaded.tokenizer->to(options.device);
  return loaded;
}

VqTokenizer load_any_tokenizer(const fs::path& path, const std::optional<fs::path>& config, c10::Device device) {
  VqTokenizer tokenizer = is_own_file(path) ? read_tokenizer(path) : read_released_tokenizer(path, config).tokenizer;
  tokenizer->to(device);
  return tokenizer;
}

}  // namespace checkerlab::model
