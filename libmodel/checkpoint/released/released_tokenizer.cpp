#include "libmodel/checkpoint/released/released_tokenizer.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/released_file.hpp"
#include "libmodel/checkpoint/released/tensor_report.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kPlainCodebook = "quantize.embedding.weight";
constexpr const char* kInitialized = "quantize.initialized";
constexpr const char* kUsage = "cluster_usage_train";
constexpr const char* kUsedFlags = "quantize.codebook_used";  // in files of the tokenizer that this one began as

const std::string& codebook_name(const StateDict& state) {
  static const std::string kUsual = kReleasedCodebook, kPlain = kPlainCodebook;
  return !state.contains(kUsual) && state.contains(kPlain) ? kPlain : kUsual;
}

// Released name of a parameter of our module.
std::string released_name(const std::string& name, const std::string& codebook) {
  return name == "codebook" ? codebook : name;
}

// Where a name stood in the file; names that were not there come last.
std::size_t place_of(const std::string& name, const std::vector<std::string>& order) {
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin());
}

class Structure {
 public:
  Structure(const StateDict& state, const std::string& where) : state_(state), where_(where) {}

  TokenizerConfig read() const {
    TokenizerConfig config;
    config.channels = std::max<std::int64_t>(size("encoder.conv_in.weight", 4, 0), 1);
    config.multipliers.clear();
    for (int level = 0; level == 0 || (level < kMostLevels && state_.contains(block(level, 0))); ++level)
      config.multipliers.push_back(width(level) / config.channels);
    config.res_blocks = 1;
    while (state_.contains(block(0, config.res_blocks)))
      ++config.res_blocks;
    config.z_channels = size("encoder.conv_out.weight", 4, 0);
    config.attention = state_.contains("encoder.mid.1.q.weight");
    config.codes = size(codebook_name(state_), 2, 0);
    config.code_dim = size(codebook_name(state_), 2, 1);
    config.stride = std::int64_t{1} << (config.multipliers.size() - 1);
    return config;
  }

 private:
  static constexpr int kMostLevels = 16;
  static std::string block(std::int64_t level, std::int64_t number) {
    return "encoder.conv_blocks." + std::to_string(level) + ".res." + std::to_string(number) + ".conv2.weight";
  }
  // Taken from a square tensor, so that the file really holds as much as will be built.
  std::int64_t width(std::int64_t level) const {
    const std::string name = block(level, 0);
    const std::int64_t found = size(name, 4, 0);
    if (size(name, 4, 1) != found)
      throw Error(ErrorCode::invalid_data, where_ + ": the tensor '" + name + "' is " +
                                               shape_text(state_.record(name).sizes) + ", which is not square");
    return found;
  }
  std::int64_t size(const std::string& name, std::size_t dimensions, std::size_t dimension) const {
    if (!state_.contains(name))
      throw Error(ErrorCode::invalid_data, where_ + " holds no tokenizer: the tensor '" + name + "' is missing",
                  "Give a checkpoint of the autoencoder");
    const auto& sizes = state_.record(name).sizes;
    if (sizes.size() != dimensions)
      throw Error(ErrorCode::invalid_data, where_ + ": the tensor '" + name + "' is " + shape_text(sizes) +
                                               ", a tokenizer's has " + std::to_string(dimensions) + " dimensions");
    return sizes[dimension];
  }

  const StateDict& state_;
  const std::string& where_;
};

void require_equal(const TokenizerConfig& given, const TokenizerConfig& found, const std::string& where) {
  const auto as_json = [](const TokenizerConfig& config) { return to_json_object(config); };
  const auto left = as_json(given), right = as_json(found);
  std::string differences;
  for (const auto& [key, value] : left.items()) {
    if (value != right[key])
      differences += (differences.empty() ? "" : ", ") + key + " is " + value.dump() + " there and " +
                     right[key].dump() + " in the tensors";
  }
  if (!differences.empty())
    throw Error(ErrorCode::invalid_data, where + " does not fit its autoencoder_config.yaml: " + differences,
                "Give the configuration that belongs to the tokenizer");
}

void check_tensors(const StateDict& state, const VqTokenizer& tokenizer, const std::string& where) {
  TensorReport report;
  const std::string codebook = codebook_name(state);
  std::set<std::string> known{kInitialized, kUsage, kUsedFlags};
  for (const auto& parameter : tokenizer->named_parameters()) {
    const std::string name = released_name(parameter.key(), codebook);
    known.insert(name);
    const auto sizes = parameter.value().sizes();
    if (!state.contains(name)) {
      report.missing(name, sizes);
    } else if (state.record(name).sizes != sizes.vec()) {
      report.mis_shaped(name, state.record(name).sizes, sizes);
    }
  }
  for (const std::string& name : state.names()) {
    if (!known.contains(name)) report.unknown(name, state.record(name).sizes);
  }
  report.raise(where, "the tokenizer", "Give the checkpoint and the configuration of one tokenizer");
}

}  // namespace

bool is_tokenizer_buffer(const std::string& name) {
  return name == kInitialized || name == kUsage;
}

bool holds_tokenizer(const StateDict& state) {
  return state.contains("encoder.conv_in.weight") && state.contains("quant_conv.weight");
}

TokenizerConfig tokenizer_structure(const StateDict& state, const std::string& where) {
  TokenizerConfig config = Structure(state, where).read();
  try {
    check_tokenizer_config(config);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_data, where + ": " + error.what(), error.fix());
  }
  return config;
}

ReleasedTokenizer tokenizer_from_state(const StateDict& state, const std::optional<TokenizerConfig>& config,
                                       const std::string& where) {
  const torch::NoGradGuard no_grad;
  const TokenizerConfig structure = tokenizer_structure(state, where);
  if (config) require_equal(*config, structure, where);
  ReleasedTokenizer found{.tokenizer = VqTokenizer(structure), .buffers = {}, .order = state.names()};
  check_tensors(state, found.tokenizer, where);
  const std::string codebook = codebook_name(state);
  for (auto& parameter : found.tokenizer->named_parameters())
    parameter.value().copy_(state.load(released_name(parameter.key(), codebook)));
  for (const char* name : {kInitialized, kUsage}) {
    if (state.contains(name)) found.buffers[name] = state.load(name);
  }
  found.tokenizer->eval();
  return found;
}

NamedTensors tokenizer_state(const ReleasedTokenizer& tokenizer) {
  NamedTensors state;
  const auto put_buffer = [&](const char* name, const at::Tensor& otherwise) {
    const auto found = tokenizer.buffers.find(name);
    state.emplace_back(name, found == tokenizer.buffers.end() ? otherwise : found->second);
  };
  put_buffer(kUsage, torch::zeros({tokenizer.tokenizer->config().codes}));
  put_buffer(kInitialized, torch::tensor(true));
  for (const auto& parameter : tokenizer.tokenizer->named_parameters())
    state.emplace_back(released_name(parameter.key(), kReleasedCodebook), parameter.value().detach());
  std::stable_sort(state.begin(), state.end(), [&](const auto& a, const auto& b) {
    return place_of(a.first, tokenizer.order) < place_of(b.first, tokenizer.order);
  });
  return state;
}

ReleasedTokenizer read_released_tokenizer(const std::filesystem::path& file,
                                          const std::optional<std::filesystem::path>& config_path) {
  const ReleasedFile contents = open_released_file(file);
  const StateDict state = contents.tokenizer();
  std::optional<TokenizerConfig> config;
  const std::filesystem::path beside = file.parent_path() / kAutoencoderConfigName;
  if (config_path) {
    config = read_autoencoder_config(*config_path);
  } else if (std::filesystem::exists(beside)) {
    config = read_autoencoder_config(beside);
  }
  return tokenizer_from_state(state, config, file.string());
}

}  // namespace checkerlab::model
