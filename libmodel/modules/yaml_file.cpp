#include "libmodel/modules/yaml_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr int kMaxValues = 100'000;  // aliases repeat what they name, so a small text can mean a huge document
constexpr int kMaxDepth = 64;

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <std::size_t N>
bool one_of(const std::string& text, const std::array<const char*, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

Json scalar(const std::string& text, bool quoted) {
  constexpr std::array kNull{"", "~", "null", "Null", "NULL"};
  constexpr std::array kTrue{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
  constexpr std::array kFalse{"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"};
  if (quoted) return text;
  if (one_of(text, kNull)) return nullptr;
  if (one_of(text, kTrue)) return true;
  if (one_of(text, kFalse)) return false;
  const std::string_view digits = text.front() == '+' ? std::string_view(text).substr(1) : std::string_view(text);
  if (const auto value = whole<std::int64_t>(digits)) return *value;
  if (digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos) {
    if (const auto value = whole<double>(digits)) return *value;
  }
  return text;
}

class Reader {
 public:
  explicit Reader(const std::string& where) : where_(where) {}

  Json read(const YAML::Node& node, int depth) {
    if (++count_ > kMaxValues || depth > kMaxDepth) refuse(node.Mark(), "it is too large or nested too deeply");
    if (node.IsScalar()) return scalar(node.Scalar(), node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str");
    if (node.IsMap()) return read_map(node, depth);
    if (!node.IsSequence()) return nullptr;
    Json list = Json::array();
    for (const YAML::Node& item : node)
      list.push_back(read(item, depth + 1));
    return list;
  }
  [[noreturn]] void refuse(const YAML::Mark& mark, const std::string& what) const {
    throw Error(ErrorCode::invalid_data, where_ + ":" + std::to_string(mark.line + 1) + ": broken YAML: " + what);
  }

 private:
  Json read_map(const YAML::Node& node, int depth) {
    Json map = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) refuse(entry.first.Mark(), "a key must be a word");
      const std::string& key = entry.first.Scalar();
      if (map.contains(key)) refuse(entry.first.Mark(), "the key '" + printable(key) + "' is given twice");
      map[key] = read(entry.second, depth + 1);
    }
    return map;
  }

  const std::string& where_;
  int count_ = 0;
};

}  // namespace

Json parse_yaml(std::string_view text, const std::string& where) {
  if (text.size() > kMaxBytes)
    throw Error(ErrorCode::invalid_data, where + " has " + std::to_string(text.size()) +
                                             " bytes, YAML files here have at most " + std::to_string(kMaxBytes));
  Reader reader(where);
  try {
    return reader.read(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& failure) {
    reader.refuse(failure.mark, failure.msg);
  }
}

Json read_yaml_file(const std::filesystem::path& file) {
  return parse_yaml(SystemFiles().read(file), file.string());
}

}  // namespace checkerlab::model
