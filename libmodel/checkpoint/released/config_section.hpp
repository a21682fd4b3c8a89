// A section of a configuration file: values taken out by name with their types checked, so that what nobody took is
// reported. Internal to released/.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

namespace checkerlab::model {

// Every function throws Error(invalid_data) that names the file, the section and the key.
class ConfigSection {
 public:
  // `path` is the section's place in the file, for messages: "model.llama_config", empty for the whole file.
  ConfigSection(nlohmann::json json, std::string where, std::string path);

  bool has_key(const std::string& key) const { return json_.contains(key); }
  bool has(const std::string& key) const { return has_key(key) && !json_[key].is_null(); }  // and it is not null
  bool is_text(const std::string& key, const std::string& text) const { return has_key(key) && json_[key] == text; }

  // A value that is missing or null becomes `otherwise`; without that it is an error.
  int integer(const std::string& key, int low, int high, std::optional<int> otherwise = std::nullopt);
  double real(const std::string& key, double otherwise);
  bool truth(const std::string& key, bool otherwise);
  std::string text(const std::string& key, const std::string& otherwise);
  ConfigSection section(const std::string& key);
  // A section that is not in the file.
  ConfigSection section_from(nlohmann::json json, const std::string& key) const;

  void ignore(const std::string& key) { taken_.insert(key); }
  // Refuses keys that nobody took.
  void finish() const;
  const nlohmann::json& json() const { return json_; }
  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;

 private:
  const nlohmann::json* take(const std::string& key);
  std::string place(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

  nlohmann::json json_;
  std::string where_, path_;
  std::set<std::string> taken_;
};

}  // namespace checkerlab::model
