// What every artifact file says about itself in its safetensors metadata: "kind", "format_version" and "config" (JSON).
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"

namespace checkerlab::model {

// The only version of these files so far.
inline constexpr const char* kArtifactVersion = "1";

std::map<std::string, std::string> artifact_metadata(const std::string& kind, const nlohmann::json& config);

// The config of a file of that kind. Throws Error: invalid_data when the file is of another kind or its config is not a
// JSON object, version_mismatch when it is of another version.
nlohmann::json artifact_config(const TensorFile& file, const std::string& kind, const std::filesystem::path& where);

// The value of that name in a config. Throws Error(invalid_data) when it is missing or of another type.
template <typename Value>
Value config_value(const nlohmann::json& config, const std::string& key, const std::filesystem::path& where) {
  try {
    return config.at(key).get<Value>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::invalid_data, "the configuration inside " + where.string() + " is broken: " + error.what());
  }
}

}  // namespace checkerlab::model
