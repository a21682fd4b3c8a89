#include "sweeps/describe.hpp"

#include <map>
#include <vector>

namespace checkerlab::sweeps {
namespace {

constexpr std::size_t kLongestShown = 60;

// Cut between characters, never inside one (UTF-8).
std::string shortened(const std::string& text) {
  if (text.size() <= kLongestShown) return text;
  std::size_t end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::string describe_type(const nlohmann::json& schema) {
  static const std::map<std::string, std::string> words{
      {"object", "a mapping (key: value)"}, {"array", "a list"},           {"string", "a text"},
      {"boolean", "true or false"},         {"integer", "a whole number"}, {"number", "a number"}};
  if (!schema.contains("enum")) return words.at(schema.at("type"));
  std::vector<std::string> texts;
  for (const auto& one : schema.at("enum"))
    texts.push_back(one.is_string() ? one.get<std::string>() : one.dump());
  return join(texts, " or ");
}

std::string describe_value(const nlohmann::json& value) {
  if (value.is_null()) return "nothing";
  if (value.is_object()) return "a mapping";
  if (value.is_array()) return "a list";
  if (!value.is_string())
    return value.is_number_float() && value.dump() == "null" ? "a number that is not finite" : value.dump();
  const std::string text = value;
  return "the text '" + shortened(text) + "'";
}

std::string join(std::span<const std::string> texts, const std::string& separator) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : separator) + text;
  return all;
}

}  // namespace checkerlab::sweeps
