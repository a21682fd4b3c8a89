#include "libmodel/transformer/config.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/order/checkerboard.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {
namespace {

constexpr int kMaxWidth = 65536;
constexpr int kMaxLayers = 1024;
constexpr int kMaxCodes = 32768;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "model configuration: " + what);
}

void check_range(const char* name, int value, int low, int high) {
  if (value < low || value > high)
    refuse(std::string(name) + " is " + std::to_string(value) + ", it goes from " + std::to_string(low) + " to " +
           std::to_string(high));
}

void check_sizes(const std::vector<int>& sizes) {
  if (sizes.empty()) refuse("there are no sizes");
  int previous = 0;
  for (const int side : sizes) {
    check_range("a size", side, previous + 1, kMaxGrid);
    previous = side;
  }
}

template <typename Visit>
void visit_fields(ModelConfig& config, const Visit& visit) {
  visit("sizes", config.sizes);
  visit("classes", config.classes);
  visit("codes", config.codes);
  visit("code_dim", config.code_dim);
  visit("layers", config.layers);
  visit("width", config.width);
  visit("heads", config.heads);
  visit("hidden", config.hidden);
  visit("mixing_layers", config.mixing_layers);
}

template <typename Visit>
void visit_optional_fields(ModelConfig& config, const Visit& visit) {
  const ModelConfig defaults;
  visit("source_projection", config.source_projection, defaults.source_projection);
  visit("head_mlp", config.head_mlp, defaults.head_mlp);
  visit("norm_epsilon", config.norm_epsilon, defaults.norm_epsilon);
}

// Components of the rotary table that hold phases of x and y; see initial_rope.
int rotating_components(int head_dim) {
  const int most = head_dim - head_dim / 8;
  return most + most % 2;
}

}  // namespace

std::int64_t ModelConfig::tokens() const {
  return token_count(sizes);
}

std::int64_t ModelConfig::parameter_count() const {
  std::int64_t count = 0;
  ModelWeights weights;
  visit_weights(*this, weights, [&](const std::string&, at::Tensor&, const std::vector<std::int64_t>& shape) {
    std::int64_t elements = 1;
    for (const std::int64_t dimension : shape) {
      elements *= dimension;
    }
    count += elements;
  });
  return count;
}

void ModelConfig::validate() const {
  check_sizes(sizes);
  check_range("classes", classes, 1, 1'000'000);
  check_range("codes", codes, 2, kMaxCodes);
  check_range("code_dim", code_dim, 1, 1024);
  check_range("layers", layers, 1, kMaxLayers);
  check_range("width", width, 2, kMaxWidth);
  check_range("heads", heads, 1, width);
  check_range("hidden", hidden, 1, 4 * kMaxWidth);
  check_range("mixing_layers", mixing_layers, 0, kMaxLayers);
  if (width % heads != 0)
    refuse("width " + std::to_string(width) + " does not divide into " + std::to_string(heads) + " heads");
  if (rotating_components(head_dim()) > head_dim())
    refuse("heads of width " + std::to_string(head_dim()) + " are too narrow: odd widths go from 9 on");
  if (!(norm_epsilon > 0 && norm_epsilon < 1)) refuse("norm_epsilon must lie between 0 and 1");
}

void to_json(nlohmann::json& json, const ModelConfig& config) {
  json = nlohmann::json::object();
  ModelConfig copy = config;
  visit_fields(copy, [&](const char* name, const auto& value) { json[name] = value; });
  visit_optional_fields(copy, [&](const char* name, const auto& value, const auto& otherwise) {
    if (value != otherwise) json[name] = value;
  });
}

void from_json(const nlohmann::json& json, ModelConfig& config) {
  if (!json.is_object()) refuse("it is not a JSON object");
  std::size_t known = 0;
  try {
    visit_fields(config, [&](const char* name, auto& value) {
      json.at(name).get_to(value);
      ++known;
    });
    visit_optional_fields(config, [&](const char* name, auto& value, const auto& otherwise) {
      value = otherwise;
      if (!json.contains(name)) return;
      json.at(name).get_to(value);
      ++known;
    });
  } catch (const nlohmann::json::exception& failure) {
    refuse(failure.what());
  }
  if (known != json.size()) refuse("it has keys that are not known: " + json.dump());
  config.validate();
}

}  // namespace checkerlab::model
