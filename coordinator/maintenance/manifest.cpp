#include "coordinator/maintenance/manifest.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kFormat = 1;

}  // namespace

void write_manifest(const std::filesystem::path& file, const Manifest& manifest) {
  Json artifacts = Json::array();
  for (const auto& [sha256, bytes] : manifest.artifacts)
    artifacts.push_back({{"sha256", sha256}, {"bytes", bytes}});
  const Json json{{"format", kFormat},
                  {"made_at", manifest.made_at},
                  {"version", manifest.version},
                  {"schema_version", manifest.schema_version},
                  {"database", {{"sha256", manifest.database_sha256}, {"bytes", manifest.database_bytes}}},
                  {"artifacts", std::move(artifacts)},
                  {"damaged", manifest.damaged}};
  SystemFiles().write_atomic(file, json.dump(1) + "\n", 0644);
}

Manifest read_manifest(const std::filesystem::path& file) {
  const Json json = rpc::parse_json(SystemFiles().read(file), file.string());
  const rpc::Fields fields(json, file.string());
  if (const auto format = fields.integer("format"); format != kFormat) {
    throw Error(ErrorCode::version_mismatch, file.string() + " has format " + std::to_string(format),
                "Use the newer coordinator that wrote it.");
  }
  const auto database = fields.fields("database");
  Manifest manifest{.made_at = fields.text("made_at"),
                    .version = fields.text("version"),
                    .schema_version = static_cast<int>(fields.integer("schema_version", 0, 1'000'000)),
                    .database_sha256 = database.sha256("sha256"),
                    .database_bytes = database.size("bytes"),
                    .artifacts = {},
                    .damaged = {}};
  fields.each("artifacts", [&](const Json& item, const std::string& path) {
    const rpc::Fields artifact(item, path);
    manifest.artifacts.emplace(artifact.sha256("sha256"), artifact.size("bytes"));
  });
  fields.each("damaged", [&](const Json& item, const std::string& path) {
    if (!item.is_string()) throw Error(ErrorCode::invalid_data, path + ": expected text");
    manifest.damaged.push_back(item.get<std::string>());
  });
  return manifest;
}

std::vector<std::string> BackupFolder::list() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(snapshots(), error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && std::filesystem::exists(manifest(name))) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string BackupFolder::choose(const std::string& name) const {
  const auto names = list();
  if (names.empty()) {
    throw Error(ErrorCode::not_found, root.string() + " holds no snapshot",
                "Name a folder that `checkerlab-coordinator backup --to FOLDER` has filled.");
  }
  if (name.empty()) return names.back();
  if (std::find(names.begin(), names.end(), name) != names.end()) return name;
  throw Error(ErrorCode::not_found, root.string() + " holds no snapshot '" + name + "'",
              "The latest is " + names.back() + "; the others are in " + snapshots().string() + ".");
}

}  // namespace checkerlab::coordinator
