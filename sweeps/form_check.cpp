#include "sweeps/form_check.hpp"

#include <cmath>
#include <limits>
#include <regex>
#include <utility>

#include "base/suggestion.hpp"
#include "sweeps/describe.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number() && std::isfinite(value.get<double>());
  return value.is_null();
}

std::vector<std::string> names_of(const Json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items())
    names.push_back(item.key());
  return names;
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list)
    texts.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return texts;
}

class FormCheck {
 public:
  FormCheck(const SourceDocument& document, std::vector<DefinitionIssue>& issues)
      : document_(document), issues_(issues) {}

  void check(const Json& schema, const Json& value, const std::string& pointer) {
    if (schema.contains("toldApartBy")) return check_forms(schema, value, pointer);
    if (schema.contains("oneOf")) return check_kinds(schema.at("oneOf"), value, pointer);
    if (schema.contains("anyOf")) return check_alternatives(schema, value, pointer);
    if (!has_type(value, schema.at("type")))
      return at_value(pointer, "must be " + describe_type(schema) + ", found " + describe_value(value),
                      schema.value("description", ""));
    if (schema.contains("enum")) check_enum(schema.at("enum"), value, pointer);
    if (value.is_object()) check_object(schema, value, pointer);
    if (value.is_array()) check_array(schema, value, pointer);
    if (value.is_number()) check_range(schema, value, pointer);
    if (value.is_string()) check_text(schema, value, pointer);
  }

 private:
  void at_value(const std::string& pointer, std::string message, std::string fix = "") {
    issues_.push_back(document_.issue_at_value(pointer, std::move(message), std::move(fix)));
  }

  void check_object(const Json& schema, const Json& value, const std::string& pointer) {
    const Json& properties = schema.at("properties");
    for (const auto& [key, child] : value.items()) {
      if (properties.contains(key))
        check(properties.at(key), child, child_pointer(pointer, key));
      else
        unknown_key(key, names_of(properties), pointer);
    }
    for (const Json& required : schema.at("required")) {
      const std::string key = required;
      if (!value.contains(key)) missing_key(key, properties.at(key), pointer);
    }
    for (const Json& rule : schema.value("allOf", Json::array()))
      check_exactly_one(rule.at("oneOf"), value, pointer);
  }

  // Keys of which exactly one must be there: {"oneOf": [{"required": ["steps"]}, {"required": ["epochs"]}]}.
  void check_exactly_one(const Json& branches, const Json& value, const std::string& pointer) {
    std::vector<std::string> keys, present;
    for (const Json& branch : branches) {
      keys.push_back(branch.at("required").at(0));
      if (value.contains(keys.back())) present.push_back(keys.back());
    }
    if (present.empty())
      issues_.push_back(document_.issue_at_key(pointer, "one of the keys " + join(keys, " and ") + " is missing",
                                               "Write one of them."));
    if (present.size() > 1)
      issues_.push_back(document_.issue_at_key(child_pointer(pointer, present.back()),
                                               "only one of the keys " + join(present, " and ") + " can be given",
                                               "Remove all but one."));
  }

  void unknown_key(const std::string& key, const std::vector<std::string>& known, const std::string& pointer) {
    const auto nearest = nearest_name(key, known);
    issues_.push_back(
        document_.issue_at_key(child_pointer(pointer, key),
                               "unknown key '" + key + "'" + (nearest ? "; did you mean '" + *nearest + "'?" : ""),
                               nearest ? "" : "Known here: " + join(known) + "."));
  }

  void missing_key(const std::string& key, const Json& schema, const std::string& pointer) {
    DefinitionIssue issue =
        document_.issue_at_key(pointer, "the key '" + key + "' is missing", schema.value("description", ""));
    issue.path = dotted_path(child_pointer(pointer, key));
    issues_.push_back(std::move(issue));
  }

  void check_array(const Json& schema, const Json& value, const std::string& pointer) {
    const auto least = schema.value("minItems", std::size_t{0});
    const auto most = schema.value("maxItems", std::numeric_limits<std::size_t>::max());
    if (value.size() < least)
      at_value(pointer, "needs at least " + std::to_string(least) + " value" + (least == 1 ? "" : "s"));
    if (value.size() > most)
      at_value(pointer,
               "has " + std::to_string(value.size()) + " values, at most " + std::to_string(most) + " are allowed");
    for (std::size_t i = 0; i < value.size(); ++i) {
      check(schema.at("items"), value[i], child_pointer(pointer, i));
      if (schema.value("uniqueItems", false)) check_unique(value, i, pointer);
    }
  }

  void check_unique(const Json& list, std::size_t index, const std::string& pointer) {
    for (std::size_t before = 0; before < index; ++before) {
      if (list[before] != list[index]) continue;
      return at_value(child_pointer(pointer, index), describe_value(list[index]) + " is listed twice",
                      "Remove one of them.");
    }
  }

  void check_range(const Json& schema, const Json& value, const std::string& pointer) {
    const double number = value;
    const auto refuse = [&](const std::string& meaning, const std::string& bound) {
      at_value(pointer, (meaning.empty() ? "" : meaning + ": ") + "must be " + bound + ", found " + value.dump(),
               schema.value("description", ""));
    };
    const std::string too_small = schema.value("tooSmall", "");
    if (schema.contains("minimum") && number < schema.at("minimum").get<double>())
      refuse(too_small, "at least " + schema.at("minimum").dump());
    else if (schema.contains("exclusiveMinimum") && number <= schema.at("exclusiveMinimum").get<double>())
      refuse(too_small, "greater than " + schema.at("exclusiveMinimum").dump());
    else if (schema.contains("maximum") && number > schema.at("maximum").get<double>())
      refuse("", "at most " + schema.at("maximum").dump());
    else if (schema.contains("exclusiveMaximum") && number >= schema.at("exclusiveMaximum").get<double>())
      refuse("", "less than " + schema.at("exclusiveMaximum").dump());
  }

  void check_text(const Json& schema, const Json& value, const std::string& pointer) {
    const std::string text = value;
    if (text.size() < schema.value("minLength", std::size_t{0})) at_value(pointer, "must not be empty");
    const auto most = schema.value("maxLength", std::numeric_limits<std::size_t>::max());
    if (text.size() > most)
      at_value(pointer,
               "has " + std::to_string(text.size()) + " characters, at most " + std::to_string(most) + " are allowed");
    else if (schema.contains("pattern") &&
             !std::regex_search(text, std::regex(schema.at("pattern").get<std::string>())))
      at_value(pointer, describe_value(value) + " is not allowed here", schema.value("description", ""));
  }

  void check_enum(const Json& allowed, const Json& value, const std::string& pointer) {
    for (const Json& one : allowed) {
      if (one == value) return;
    }
    const auto texts = texts_of(allowed);
    const auto nearest = value.is_string() ? nearest_name(value.get<std::string>(), texts) : std::nullopt;
    at_value(pointer, "must be " + join(texts, " or ") + ", found " + describe_value(value) +
                          (nearest ? "; did you mean '" + *nearest + "'?" : ""));
  }

  // Two forms of an object: the first has the key `toldApartBy`, the second has not.
  void check_forms(const Json& schema, const Json& value, const std::string& pointer) {
    const bool first = value.is_object() && value.contains(schema.at("toldApartBy").get<std::string>());
    check(schema.at("oneOf").at(first ? 0 : 1), value, pointer);
  }

  // Objects told apart by their key `kind`.
  void check_kinds(const Json& branches, const Json& value, const std::string& pointer) {
    if (!value.is_object())
      return at_value(pointer, "must be a mapping with a key 'kind', found " + describe_value(value));
    Json kinds = Json::array();
    for (const Json& branch : branches)
      kinds.push_back(branch.at("properties").at("kind").at("enum").at(0));
    if (!value.contains("kind"))
      return missing_key("kind", {{"description", "One of " + join(texts_of(kinds)) + "."}}, pointer);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i] == value.at("kind")) return check(branches[i], value, pointer);
    }
    check_enum(kinds, value.at("kind"), child_pointer(pointer, std::string("kind")));
  }

  // Alternatives told apart by their type.
  void check_alternatives(const Json& schema, const Json& value, const std::string& pointer) {
    std::vector<std::string> types;
    for (const Json& branch : schema.at("anyOf")) {
      if (has_type(value, branch.at("type"))) return check(branch, value, pointer);
      types.push_back(describe_type(branch));
    }
    at_value(pointer, "must be " + join(types, " or ") + ", found " + describe_value(value),
             schema.value("description", ""));
  }

  const SourceDocument& document_;
  std::vector<DefinitionIssue>& issues_;
};

}  // namespace

std::vector<DefinitionIssue> check_form(const SourceDocument& document, const nlohmann::json& schema) {
  std::vector<DefinitionIssue> issues;
  FormCheck(document, issues).check(schema, document.json(), "");
  return issues;
}

}  // namespace checkerlab::sweeps
