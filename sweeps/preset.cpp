#include "sweeps/preset.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "embedded/preset.hpp"
#include "schemas/yaml.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kEnding = ".yaml";

const std::map<std::string, Json>& presets() {
  static const std::map<std::string, Json> all = [] {
    std::map<std::string, Json> read;
    for (const EmbeddedFile& file : preset_files())
      read[std::string(file.name.substr(0, file.name.size() - kEnding.size()))] = yaml_to_json(file.data);
    return read;
  }();
  return all;
}

// Two ways to say the same: the document's one drops the preset's other.
void drop_alternatives(Json& train, const Json& given) {
  for (const auto& [one, other] : {std::pair("steps", "epochs"), std::pair("warmup_steps", "warmup_epochs")}) {
    if (given.contains(one)) train.erase(other);
    if (given.contains(other)) train.erase(one);
  }
}

}  // namespace

const std::vector<std::string>& preset_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& entry : presets())
      list.push_back(entry.first);
    return list;
  }();
  return names;
}

nlohmann::json preset(const std::string& name) {
  const auto found = presets().find(name);
  if (found == presets().end()) throw Error(ErrorCode::not_found, "there is no preset '" + name + "'");
  return found->second;
}

void apply_preset(SourceDocument& document, bool with_ratio) {
  const Json& json = document.json();
  if (!json.is_object() || !json.contains("model") || !json.at("model").is_object()) return;
  const Json& given = json.at("model");
  if (!given.contains("preset") || !given.at("preset").is_string()) return;
  const std::string name = given.at("preset");
  if (std::ranges::find(preset_names(), name) == preset_names().end()) return;
  Json values = preset(name);
  if (!with_ratio) values.erase("ratio");
  if (given.contains("train") && given.at("train").is_object())
    drop_alternatives(values.at("model").at("train"), given.at("train"));
  document.fill_missing(values);
}

}  // namespace checkerlab::sweeps
