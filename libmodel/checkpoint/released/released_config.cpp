#include "libmodel/checkpoint/released/released_config.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/released/config_section.hpp"
#include "libmodel/modules/yaml_file.hpp"
#include "libmodel/order/scales.hpp"

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;

constexpr int kMostPixels = 65536, kMostWidth = 65536, kMostLayers = 1024, kMostClasses = 1'000'000;

void read_llama(ConfigSection section, ReleasedConfig& config) {
  config.width = section.integer("hidden_size", 2, kMostWidth, 256);
  config.heads = section.integer("num_attention_heads", 1, kMostWidth, 8);
  config.layers = section.integer("num_hidden_layers", 1, kMostLayers, 8);
  config.norm_epsilon = section.real("rms_norm_eps", 1e-6);
  const std::optional<double> intermediate =
      section.has("intermediate_size") ? std::optional(section.real("intermediate_size", 0)) : std::nullopt;
  if (intermediate && !(*intermediate >= 1 && *intermediate <= 4.0 * kMostWidth))
    section.refuse("intermediate_size", "must lie between 1 and " + std::to_string(4 * kMostWidth));
  config.hidden = released_hidden(config.width, intermediate);
  if (section.integer("num_key_value_heads", 1, kMostWidth, config.heads) != config.heads)
    section.refuse("num_key_value_heads", "differs from num_attention_heads (" + std::to_string(config.heads) +
                                              "): grouped keys are not supported");
  if (section.integer("class_embedding_dim", 1, kMostWidth, config.width) != config.width)
    section.refuse("class_embedding_dim",
                   "differs from hidden_size (" + std::to_string(config.width) + "), which the model's inputs need");
  section.finish();
}

void read_tokenizer_paths(ConfigSection section, ReleasedConfig& config) {
  config.tokenizer_config = section.text("config_path", "");
  config.tokenizer_checkpoint = section.text("checkpoint_path", "");
  section.ignore("params");
  section.ignore("set_initialized");
  if (section.has("cull_threshold"))
    section.refuse("cull_threshold", "drops codes by their length, which normalised codes do not have");
  section.finish();
}

std::optional<int> read_mixing_layers(ConfigSection& section) {
  if (!section.has_key("num_mixing_layers")) return 2;
  if (!section.has("num_mixing_layers") || section.is_text("num_mixing_layers", "all")) {
    section.ignore("num_mixing_layers");
    return std::nullopt;
  }
  return section.integer("num_mixing_layers", 0, kMostLayers, 2);
}

void read_model(ConfigSection section, ReleasedConfig& config) {
  config.image_size = section.integer("img_size", 1, kMostPixels);
  config.scale_ratio = section.real("scale_ratio", 2);
  if (!(*config.scale_ratio > 1)) section.refuse("scale_ratio", "must be above 1");
  config.smallest_scale = section.integer("scale_min_size", 1, kMostPixels, 1);
  if (section.truth("single_scale", false)) config.scale_ratio = std::nullopt;
  if (section.has("num_classes")) config.classes = section.integer("num_classes", 1, kMostClasses);
  if (!section.truth("class_cond", false))
    section.refuse("class_cond", "is not true: only models with classes are supported");
  config.head_mlp = section.truth("use_head_mlp", true);
  config.head_weight_pull = section.real("head_weights_l2_loss", 1e-3);
  config.mixing_layers = read_mixing_layers(section);
  config.blocks_per_scale = section.integer("num_blocks_per_scale", 1, kMostPixels, 8);
  config.label_dropout = section.real("uncond_training_prob", 0.1);
  config.source_replacement = section.real("random_replace", 0);
  config.replace_with_targets = section.truth("random_replace_sampled", false);
  config.random_block_size = section.truth("random_block_size", false);
  if (section.has("autoenc")) read_tokenizer_paths(section.section("autoenc"), config);
  // Without the section the released code builds its small default, which has an intermediate_size of its own.
  read_llama(section.has("llama_config") ? section.section("llama_config")
                                         : section.section_from({{"intermediate_size", 1024}}, "llama_config"),
             config);
  section.finish();
}

}  // namespace

int released_hidden(int width, std::optional<double> intermediate_size) {
  // The same steps in double precision as the released code, so that rounding falls alike.
  int hidden = static_cast<int>(2.0 * (4.0 * width) / 3.0);
  if (intermediate_size) {
    const int usual = static_cast<int>(2.0 * width * 4.0 / 3.0);
    hidden = static_cast<int>(*intermediate_size / usual * hidden);
  }
  constexpr int kMultiple = 256;
  return hidden % kMultiple == 0 ? hidden : hidden + kMultiple - hidden % kMultiple;
}

ReleasedConfig parse_released_config(const std::string& text, const std::string& where) {
  const Json json = parse_yaml(text, where);
  ReleasedConfig config;
  config.text = text;
  ConfigSection root(json, where, "");
  read_model(root.section("model"), config);
  if (root.has("args")) config.args = root.section("args").json();
  return config;
}

ReleasedConfig read_released_config(const std::filesystem::path& file) {
  return parse_released_config(SystemFiles().read(file), file.string());
}

ModelConfig model_config(const ReleasedConfig& config, const TokenizerConfig& tokenizer, int classes,
                         const std::string& where) {
  if (config.image_size % tokenizer.stride != 0)
    throw Error(ErrorCode::invalid_data,
                where + ": the image size " + std::to_string(config.image_size) +
                    " is not a multiple of the tokenizer's stride " + std::to_string(tokenizer.stride),
                "Correct img_size, or use the tokenizer that belongs to the model");
  const int grid = static_cast<int>(config.image_size / tokenizer.stride);
  ModelConfig model;
  model.sizes = scale_sizes(grid, config.scale_ratio, config.smallest_scale);
  model.classes = classes;
  model.codes = static_cast<int>(tokenizer.codes);
  model.code_dim = static_cast<int>(tokenizer.code_dim);
  model.layers = config.layers;
  model.width = config.width;
  model.heads = config.heads;
  model.hidden = config.hidden;
  model.mixing_layers = config.mixing_layers.value_or(config.layers);
  model.head_mlp = config.head_mlp;
  model.norm_epsilon = config.norm_epsilon;
  try {
    model.validate();
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_data, where + ": " + error.what(), error.fix());
  }
  return model;
}

}  // namespace checkerlab::model
