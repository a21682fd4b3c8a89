#include "libmodel/checkpoint/released/config_section.hpp"

#include <cmath>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {

ConfigSection::ConfigSection(nlohmann::json json, std::string where, std::string path)
    : json_(std::move(json)), where_(std::move(where)), path_(std::move(path)) {
  if (!json_.is_object())
    throw Error(ErrorCode::invalid_data,
                where_ + (path_.empty() ? " is not a configuration" : ": '" + path_ + "' is not a section") +
                    ": it holds no keys",
                "Give the config.yaml that lies beside the checkpoint");
}

void ConfigSection::refuse(const std::string& key, const std::string& what) const {
  throw Error(ErrorCode::invalid_data, where_ + ": " + printable(place(key)) + " " + what);
}

const nlohmann::json* ConfigSection::take(const std::string& key) {
  taken_.insert(key);
  return has(key) ? &json_[key] : nullptr;
}

int ConfigSection::integer(const std::string& key, int low, int high, std::optional<int> otherwise) {
  const auto* value = take(key);
  if (value == nullptr) {
    if (!otherwise) refuse(key, "is missing");
    return *otherwise;
  }
  if (!value->is_number_integer()) refuse(key, "is not a whole number");
  const auto number = value->get<std::int64_t>();
  if (number < low || number > high)
    refuse(key,
           "is " + std::to_string(number) + ", it goes from " + std::to_string(low) + " to " + std::to_string(high));
  return static_cast<int>(number);
}

double ConfigSection::real(const std::string& key, double otherwise) {
  const auto* value = take(key);
  if (value == nullptr) return otherwise;
  if (!value->is_number() || !std::isfinite(value->get<double>())) refuse(key, "is not a number");
  return value->get<double>();
}

bool ConfigSection::truth(const std::string& key, bool otherwise) {
  const auto* value = take(key);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) refuse(key, "is neither true nor false");
  return value->get<bool>();
}

std::string ConfigSection::text(const std::string& key, const std::string& otherwise) {
  const auto* value = take(key);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) refuse(key, "is not a text");
  return value->get<std::string>();
}

ConfigSection ConfigSection::section(const std::string& key) {
  const auto* value = take(key);
  if (value == nullptr) refuse(key, "is missing");
  return {*value, where_, place(key)};
}

ConfigSection ConfigSection::section_from(nlohmann::json json, const std::string& key) const {
  return {std::move(json), where_, place(key)};
}

void ConfigSection::finish() const {
  for (const auto& [key, value] : json_.items()) {
    if (!taken_.contains(key)) refuse(key, "is not a key that is known");
  }
}

}  // namespace checkerlab::model
