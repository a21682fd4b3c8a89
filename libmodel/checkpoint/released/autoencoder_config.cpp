#include "libmodel/checkpoint/released/autoencoder_config.hpp"

#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/released/config_section.hpp"
#include "libmodel/modules/yaml_file.hpp"

namespace checkerlab::model {
namespace {

constexpr int kMostChannels = 65536;
constexpr std::int64_t kReleasedGroups = 32;

std::vector<std::int64_t> read_multipliers(ConfigSection& section) {
  section.ignore("ch_mult");
  if (!section.has("ch_mult")) return {1, 1, 2, 2, 4};
  try {
    return section.json().at("ch_mult").get<std::vector<std::int64_t>>();
  } catch (const nlohmann::json::exception&) {
    section.refuse("ch_mult", "is not a list of whole numbers");
  }
}

void read_structure(ConfigSection section, TokenizerConfig& config) {
  config.channels = section.integer("ch", 1, kMostChannels, 128);
  config.multipliers = read_multipliers(section);
  config.res_blocks = section.integer("num_res_blocks", 1, 64, 2);
  config.z_channels = section.integer("z_channels", 1, kMostChannels, 256);
  if (section.text("norm_type", "group") != "group") section.refuse("norm_type", "is not 'group'");
  if (!section.truth("resamp_with_conv", true)) section.refuse("resamp_with_conv", "is not true");
  if (section.integer("in_channels", 1, kMostChannels, 3) != 3) section.refuse("in_channels", "is not 3");
  if (section.integer("out_channels", 1, kMostChannels, 3) != 3) section.refuse("out_channels", "is not 3");
  section.ignore("dropout");
  section.ignore("resolution");
  section.finish();
}

}  // namespace

TokenizerConfig parse_autoencoder_config(const std::string& text, const std::string& where) {
  ConfigSection params = ConfigSection(parse_yaml(text, where), where, "").section("model").section("params");
  TokenizerConfig config;
  config.code_dim = params.integer("embed_dim", 1, kMostChannels);
  config.codes = params.integer("n_embed", 1, 1 << 20);
  if (!params.truth("normalize", false))
    params.refuse("normalize", "is not true: only codes of length 1 are supported");
  read_structure(params.section("ddconfig"), config);
  config.groups = kReleasedGroups;
  if (config.multipliers.empty() || config.multipliers.size() > 16)
    params.refuse("ddconfig.ch_mult", "has no levels or too many");
  config.stride = std::int64_t{1} << (config.multipliers.size() - 1);
  try {
    check_tokenizer_config(config);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_data, where + ": " + error.what(), error.fix());
  }
  return config;
}

TokenizerConfig read_autoencoder_config(const std::filesystem::path& file) {
  return parse_autoencoder_config(SystemFiles().read(file), file.string());
}

std::string autoencoder_config_text(const TokenizerConfig& config) {
  if (!config.attention || config.groups != kReleasedGroups)
    throw Error(ErrorCode::invalid_argument,
                "the released code cannot build this tokenizer: it needs attention and 32 normalisation groups",
                "Export it with --format checkerlab");
  std::ostringstream text;
  text << "model:\n"
       << "  target: cbgen.autoencoder.VQModel\n"
       << "  params:\n"
       << "    embed_dim: " << config.code_dim << "\n"
       << "    n_embed: " << config.codes << "\n"
       << "    normalize: true\n"
       << "    requant_pyramid_levels: -1\n"
       << "    resolution: " << 16 * config.stride << "\n"
       << "    ddconfig:\n"
       << "      ch: " << config.channels << "\n"
       << "      ch_mult: " << nlohmann::json(config.multipliers).dump() << "\n"
       << "      num_res_blocks: " << config.res_blocks << "\n"
       << "      z_channels: " << config.z_channels << "\n";
  return text.str();
}

}  // namespace checkerlab::model
