// What every artifact file says about itself in its safetensors metadata: "kind", "format_version" and "config" (JSON).
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "libmodel/checkpoint/safetensors.hpp"

namespace checkerlab::model {

// The only version of these files so far.
inline constexpr const char* kArtifactVersion = "1";

std::map<std::string, std::string> artifact_metadata(const std::string& kind, const nlohmann::json& config);

// The config of a file of that kind. Throws Error: invalid_data when the file is of another kind or its config is not a
// JSON object, version_mismatch when it is of another version.
nlohmann::json artifact_config(const TensorFile& file, const std::string& kind, const std::filesystem::path& where);

}  // namespace checkerlab::model
