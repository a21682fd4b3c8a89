#include "libmodel/checkpoint/export.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/own_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"
#include "libmodel/checkpoint/safetensors.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

// The averaged weights take the place of the last ones; moments and epoch do not belong to them.
void keep_average(ReleasedCheckpoint& checkpoint, const fs::path& file) {
  if (!checkpoint.ema)
    throw Error(ErrorCode::not_found, file.string() + " holds no averaged weights", "Leave out --ema");
  checkpoint.model = std::move(*checkpoint.ema);
  checkpoint.ema = std::nullopt;
  if (!checkpoint.ema_tokenizer.empty())
    checkpoint.tokenizer = tokenizer_from_state(StateDict(checkpoint.ema_tokenizer), std::nullopt, file.string());
  checkpoint.ema_tokenizer.clear();
  checkpoint.optimizer = std::nullopt;
  checkpoint.epoch = std::nullopt;
  checkpoint.scaler = nullptr;
}

void give_tokenizer(ReleasedCheckpoint& checkpoint, const fs::path& path) {
  ReleasedTokenizer given =
      is_own_file(path) ? ReleasedTokenizer{.tokenizer = read_tokenizer(path)} : read_released_tokenizer(path);
  const at::Tensor codes = given.tokenizer->codes().detach();
  if (codes.sizes() != checkpoint.model.codebook.sizes() || !codes.allclose(checkpoint.model.codebook, 1e-5, 1e-6))
    throw Error(ErrorCode::invalid_argument, path.string() + " has another codebook than the model was trained with",
                "Give the tokenizer of the model's tokens");
  checkpoint.tokenizer = std::move(given);
}

std::vector<fs::path> write_released(const fs::path& folder, const ReleasedCheckpoint& checkpoint,
                                     const ByteProgress& on_written) {
  write_released_checkpoint(folder, "checkpoint.pth", checkpoint, on_written);
  return {folder / "checkpoint.pth", folder / "config.yaml", folder / kAutoencoderConfigName};
}

std::vector<fs::path> write_own(const fs::path& folder, const ReleasedCheckpoint& checkpoint) {
  save_model(folder / "model.safetensors", checkpoint.model);
  if (!checkpoint.tokenizer) return {folder / "model.safetensors"};
  write_tokenizer(folder / "tokenizer.safetensors", checkpoint.tokenizer->tokenizer);
  return {folder / "model.safetensors", folder / "tokenizer.safetensors"};
}

std::vector<fs::path> write_plain(const fs::path& folder, const ReleasedCheckpoint& checkpoint) {
  const ReleasedConfigTexts texts = configuration_texts(checkpoint);
  TensorFile file{.tensors = {}, .metadata = {{"format", "pt"}}};
  for (const auto& [name, tensor] : model_state(checkpoint.model))
    file.tensors[name] = tensor;
  for (const auto& [name, tensor] : tokenizer_state(*checkpoint.tokenizer))
    file.tensors[kTokenizerPrefix + name] = tensor;
  SystemFiles files;
  write_safetensors(folder / "checkpoint.safetensors", file);
  files.write_atomic(folder / "config.yaml", texts.config, 0644);
  files.write_atomic(folder / kAutoencoderConfigName, texts.autoencoder, 0644);
  return {folder / "checkpoint.safetensors", folder / "config.yaml", folder / kAutoencoderConfigName};
}

}  // namespace

ExportFormat export_format_from(std::string_view name) {
  if (name == "released") return ExportFormat::released;
  if (name == "checkerlab") return ExportFormat::checkerlab;
  if (name == "safetensors") return ExportFormat::safetensors;
  throw Error(ErrorCode::invalid_argument, "the format '" + std::string(name) + "' is not known",
              "Use released, checkerlab or safetensors");
}

Exported export_model(const fs::path& file, const fs::path& folder, const ExportOptions& options, Observer& observer) {
  const bool own = is_own_model(file);
  const std::uint64_t size = fs::file_size(file);
  std::uint64_t done = 0;  // bytes, of as many to read and to write
  const auto meter_up_to = [&](std::uint64_t limit) -> ByteProgress {
    return [&, limit](std::uint64_t bytes) {
      throw_if_cancelled(observer, "exporting " + file.string());
      done = std::min(done + bytes, limit);
      observer.progress(static_cast<std::int64_t>(done), static_cast<std::int64_t>(2 * size), "bytes");
    };
  };
  ReleasedCheckpoint checkpoint =
      own ? read_own_checkpoint(file)
          : read_released_checkpoint(file,
                                     {.config = options.config, .require_finite = false, .on_read = meter_up_to(size)});
  throw_if_cancelled(observer, "exporting " + file.string());
  if (options.tokenizer) give_tokenizer(checkpoint, *options.tokenizer);
  if (options.ema) keep_average(checkpoint, file);
  if (options.require_finite) require_finite(checkpoint.model, file.string());
  if (!checkpoint.tokenizer && options.format != ExportFormat::checkerlab)
    throw Error(ErrorCode::invalid_argument, file.string() + " holds no tokenizer, which a released checkpoint needs",
                "Name the tokenizer's file with --tokenizer");
  fs::create_directories(folder);
  Exported exported{.files = {}, .notes = checkpoint.notes};
  switch (options.format) {
    case ExportFormat::released:
      exported.files = write_released(folder, checkpoint, meter_up_to(2 * size));
      break;
    case ExportFormat::checkerlab:
      exported.files = write_own(folder, checkpoint);
      break;
    case ExportFormat::safetensors:
      exported.files = write_plain(folder, checkpoint);
      break;
  }
  return exported;
}

}  // namespace checkerlab::model
