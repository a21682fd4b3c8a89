#include "schemas/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using Json = nlohmann::json;

template <typename Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> real_number(std::string_view text) {
  const bool looks_real = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  });
  if (!looks_real) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> special_number(std::string_view text) {
  if (text == ".inf" || text == "+.inf") return std::numeric_limits<double>::infinity();
  if (text == "-.inf") return -std::numeric_limits<double>::infinity();
  if (text == ".nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

std::optional<Json> number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::string_view digits = text.front() == '+' ? text.substr(1) : text;
  if (text.starts_with("0x")) {
    if (const auto value = whole_number<std::int64_t>(text.substr(2), 16)) return Json(*value);
  }
  if (const auto value = whole_number<std::int64_t>(digits)) return Json(*value);
  if (const auto value = real_number(digits)) return Json(*value);
  if (const auto value = special_number(text)) return Json(*value);
  return std::nullopt;
}

class Converter {
 public:
  Json convert(const YAML::Node& node, int depth) {
    if (++count_ > kMaxValues || depth > kMaxDepth) {
      throw Error(ErrorCode::invalid_data,
                  "YAML of more than " + std::to_string(kMaxValues) + " values or nested deeper than " +
                      std::to_string(kMaxDepth) + " levels is not read",
                  "Check its aliases (*name).");
    }
    if (node.IsScalar()) return yaml_scalar(node.Scalar(), node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str");
    if (node.IsMap()) return convert_map(node, depth);
    if (!node.IsSequence()) return nullptr;
    Json list = Json::array();
    for (const YAML::Node& item : node)
      list.push_back(convert(item, depth + 1));
    return list;
  }

 private:
  static constexpr int kMaxValues = 100'000;  // aliases repeat what they name, so a small text can mean a huge document
  static constexpr int kMaxDepth = 64;        // and one that names what it stands in, an endless one

  Json convert_map(const YAML::Node& node, int depth) {
    Json map = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) throw Error(ErrorCode::invalid_data, "broken YAML: a key must be a word");
      map[entry.first.Scalar()] = convert(entry.second, depth + 1);
    }
    return map;
  }

  int count_ = 0;
};

}  // namespace

nlohmann::json yaml_scalar(const std::string& text, bool quoted) {
  if (quoted) return text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (auto value = number(text)) return *value;
  return text;
}

nlohmann::json yaml_to_json(std::string_view text) {
  try {
    return Converter().convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::invalid_data, std::string("broken YAML: ") + error.what());
  }
}

}  // namespace checkerlab
