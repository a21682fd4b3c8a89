#include "libmodel/tokenizer/config.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "libmodel/modules/json_field.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kWhat = "the tokenizer's configuration";

void require(bool condition, const std::string& problem) {
  if (!condition) throw Error(ErrorCode::invalid_argument, "the tokenizer cannot be built: " + problem);
}

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return value >= low && value <= high;
}

}  // namespace

std::int64_t groups_for_width(std::int64_t channels) {
  require(channels >= 4 && channels % 4 == 0, "channels (" + std::to_string(channels) + ") must be a multiple of 4");
  return channels >= 128 ? 32 : channels / 4;
}

void check_tokenizer_config(const TokenizerConfig& config) {
  require(within(static_cast<std::int64_t>(config.multipliers.size()), 1, 8), "it needs 1 to 8 multipliers");
  const auto stride = std::int64_t{1} << (config.multipliers.size() - 1);
  require(config.stride == stride, std::to_string(config.multipliers.size()) + " multipliers give a stride of " +
                                       std::to_string(stride) + ", not " + std::to_string(config.stride));
  require(within(config.channels, 4, 4096), "channels must be 4 to 4096");
  require(within(config.res_blocks, 1, 16), "res_blocks must be 1 to 16");
  require(within(config.z_channels, 1, 4096), "z_channels must be 1 to 4096");
  require(within(config.codes, 2, 32767), "codes must be 2 to 32767");
  require(within(config.code_dim, 1, 1024), "code_dim must be 1 to 1024");
  require(config.groups >= 1, "groups must be positive");
  for (const auto multiplier : config.multipliers) {
    require(within(multiplier, 1, 64), "multipliers must be 1 to 64");
    require(config.channels * multiplier % config.groups == 0,
            "the width " + std::to_string(config.channels * multiplier) + " is not a multiple of the " +
                std::to_string(config.groups) + " normalisation groups");
  }
}

nlohmann::json to_json_object(const TokenizerConfig& config) {
  return {{"stride", config.stride},         {"channels", config.channels},     {"multipliers", config.multipliers},
          {"res_blocks", config.res_blocks}, {"z_channels", config.z_channels}, {"attention", config.attention},
          {"codes", config.codes},           {"code_dim", config.code_dim},     {"groups", config.groups}};
}

TokenizerConfig tokenizer_config_from_json(const nlohmann::json& object) {
  const auto number = [&](const char* key) { return json_field<std::int64_t>(object, key, kWhat); };
  TokenizerConfig config;
  config.stride = number("stride");
  config.channels = number("channels");
  config.multipliers = json_field<std::vector<std::int64_t>>(object, "multipliers", kWhat);
  config.res_blocks = number("res_blocks");
  config.z_channels = number("z_channels");
  config.attention = json_field<bool>(object, "attention", kWhat);
  config.codes = number("codes");
  config.code_dim = number("code_dim");
  config.groups = object.contains("groups") ? number("groups") : groups_for_width(config.channels);
  check_tokenizer_config(config);
  return config;
}

}  // namespace checkerlab::model
