#include "libmodel/modules/artifact.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace checkerlab::model {

std::map<std::string, std::string> artifact_metadata(const std::string& kind, const nlohmann::json& config) {
  return {{"kind", kind}, {"format_version", kArtifactVersion}, {"config", config.dump()}};
}

nlohmann::json artifact_config(const TensorFile& file, const std::string& kind, const std::filesystem::path& where) {
  const auto text = [&](const std::string& key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (text("kind") != kind) {
    throw Error(ErrorCode::invalid_data,
                where.string() + " is not a " + kind + " file: its kind is '" + text("kind") + "'");
  }
  if (text("format_version") != kArtifactVersion) {
    throw Error(
        ErrorCode::version_mismatch,
        where.string() + " has format version '" + text("format_version") + "', this program reads " + kArtifactVersion,
        "Use the program that wrote it, or make the file again.");
  }
  const auto config = nlohmann::json::parse(text("config"), nullptr, false);
  if (!config.is_object())
    throw Error(ErrorCode::invalid_data, "the configuration inside " + where.string() + " is broken");
  return config;
}

}  // namespace checkerlab::model
