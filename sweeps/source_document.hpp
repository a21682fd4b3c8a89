// A YAML text as JSON together with where every value and key stood, so that problems found in the JSON can be shown in
// the text.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/parse.hpp"

namespace checkerlab::sweeps {

// Counted from 1.
struct Position {
  int line = 0;
  int column = 0;
};

// Where something came from: a place in the text, or an override.
struct Origin {
  Position position;
  std::string override_text;  // "path=value" when an override set it; `position` is 0 then
};

// Places are named by JSON pointers ("/sweep/ratios/0").
class SourceDocument {
 public:
  // Reads the text. Broken YAML, doubled keys, and texts that are too large or nest too deeply become issues.
  static SourceDocument parse(std::string_view yaml, std::vector<DefinitionIssue>& issues);

  const nlohmann::json& json() const { return json_; }

  // Sets a value; objects on the way that are missing are made, list indices must exist. Unusable paths become issues.
  void apply_override(const std::string& text, std::vector<DefinitionIssue>& issues);

  // Sets what the document lacks of `values`, in objects inside objects as well.
  void fill_missing(const nlohmann::json& values);

  // Origin of the value at `pointer`, or of the nearest value around it.
  Origin value_origin(const std::string& pointer) const;
  // Origin of the key that names `pointer` in its object.
  Origin key_origin(const std::string& pointer) const;

  // An issue at a value or key.
  DefinitionIssue issue_at_value(const std::string& pointer, std::string message, std::string fix = "") const;
  DefinitionIssue issue_at_key(const std::string& pointer, std::string message, std::string fix = "") const;

 private:
  friend class YamlReader;

  nlohmann::json json_;
  std::map<std::string, Position> values_;
  std::map<std::string, Position> keys_;
  std::map<std::string, std::string> overrides_;  // pointer → the override's text
};

// "/sweep/ratios/0" → "sweep.ratios.0"
std::string dotted_path(const std::string& pointer);

// The pointer of a child.
std::string child_pointer(const std::string& pointer, const std::string& key);
std::string child_pointer(const std::string& pointer, std::size_t index);

}  // namespace checkerlab::sweeps
