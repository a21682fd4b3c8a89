#include "coordinator/maintenance/verify.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/maintenance/artifact_files.hpp"
#include "coordinator/maintenance/manifest.hpp"
#include "coordinator/maintenance/wanted_artifacts.hpp"
#include "coordinator/store/database_copy.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

// Every query gives a job's key and what is wrong with it.
constexpr const char* kResultChecks[] = {
    "SELECT j.key, 'its result names the artifact ' || json_extract(a.value, '$.sha256') || ', which is not recorded' "
    "FROM results r JOIN jobs j ON j.number = r.job, json_each(r.result, '$.artifacts') a WHERE NOT EXISTS "
    "(SELECT 1 FROM job_artifacts x WHERE x.job = r.job AND x.sha256 = json_extract(a.value, '$.sha256'))",
    "SELECT key, 'it succeeded, but has no result' FROM jobs WHERE state = 'succeeded' AND NOT EXISTS "
    "(SELECT 1 FROM results WHERE job = number)",
    "SELECT j.key, 'it has a result, but is ' || j.state FROM results r JOIN jobs j ON j.number = r.job "
    "WHERE j.state <> 'succeeded'"};

class Verifier {
 public:
  Verifier(VerifyReport& report, const VerifyOptions& options) : report_(report), options_(options) {}

  void add(FindingKind kind, const std::string& what, const std::string& detail) {
    report_.findings.push_back({kind, what, detail});
  }

  // What the database says of artifacts; nothing when it cannot be read that far.
  std::map<std::string, WantedArtifact> check_database(const fs::path& file) {
    options_.progress("checking the database");
    for (const auto& complaint : database_complaints(file))
      add(FindingKind::database_damaged, file.string(), complaint);
    try {
      SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
      const SQLite::Transaction one_state(database);
      for (const char* query : kResultChecks) {
        for_each_row(database, query, [&](SQLite::Statement& row) {
          add(FindingKind::result_incomplete, "job " + row.getColumn(0).getString(), row.getColumn(1).getString());
        });
      }
      report_.results = static_cast<std::size_t>(database.execAndGet("SELECT COUNT(*) FROM results").getInt64());
      return wanted_artifacts(database);
    } catch (const std::exception& exception) {  // a damaged row may break SQLite's reading or that of JSON
      add(FindingKind::database_damaged, file.string(), exception.what());
      return {};
    }
  }

  // `path` holds artifact `sha256`, which `who` needs.
  void check_artifact(const fs::path& path, const std::string& sha256, std::uint64_t bytes, const std::string& who) {
    ++report_.artifacts;
    options_.progress("artifact " + std::to_string(report_.artifacts));
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return add(FindingKind::artifact_missing, path.string(), who + " needs it: " + error.message());
    if (size != bytes) {
      return add(
          FindingKind::artifact_damaged, path.string(),
          "it has " + std::to_string(size) + " bytes instead of " + std::to_string(bytes) + "; " + who + " needs it");
    }
    if (options_.read_artifacts) check_bytes(path, sha256, size, who);
  }

 private:
  void check_bytes(const fs::path& path, const std::string& sha256, std::uint64_t size, const std::string& who) {
    try {
      const std::string actual = sha256_file(path);
      report_.bytes += size;
      if (actual == sha256) return;
      add(FindingKind::artifact_damaged, path.string(), "its bytes have the hash " + actual + "; " + who + " needs it");
    } catch (const Error& error) {
      add(FindingKind::artifact_damaged, path.string(), std::string(error.what()) + "; " + who + " needs it");
    }
  }

  VerifyReport& report_;
  const VerifyOptions& options_;
};

fs::path path_of(const fs::path& artifacts, const std::string& sha256) {
  return artifacts / sha256.substr(0, 2) / sha256;
}

}  // namespace

std::string_view to_string(FindingKind kind) {
  switch (kind) {
    case FindingKind::database_damaged:
      return "database_damaged";
    case FindingKind::artifact_missing:
      return "artifact_missing";
    case FindingKind::artifact_damaged:
      return "artifact_damaged";
    case FindingKind::result_incomplete:
      return "result_incomplete";
    case FindingKind::backup_incomplete:
      return "backup_incomplete";
    case FindingKind::file_without_row:
      return "file_without_row";
    case FindingKind::file_without_place:
      break;
  }
  return "file_without_place";
}

bool is_damage(FindingKind kind) {
  return kind != FindingKind::file_without_row && kind != FindingKind::file_without_place;
}

bool VerifyReport::sound() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) { return is_damage(finding.kind); });
}

nlohmann::json VerifyReport::to_json() const {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"kind", to_string(finding.kind)},
                    {"damage", is_damage(finding.kind)},
                    {"what", finding.what},
                    {"detail", finding.detail}});
  }
  return {
      {"sound", sound()}, {"artifacts", artifacts}, {"bytes_read", bytes}, {"results", results}, {"findings", list}};
}

std::string VerifyReport::to_text() const {
  std::string text;
  for (const Finding& finding : findings)
    text += std::string(to_string(finding.kind)) + "  " + finding.what + ": " + finding.detail + "\n";
  return text + (sound() ? "sound: " : "DAMAGED: ") + std::to_string(results) + " results, " +
         std::to_string(artifacts) + " artifacts looked at, " + std::to_string(bytes) + " bytes of them read\n";
}

VerifyReport verify_data(const fs::path& data, const VerifyOptions& options) {
  const fs::path database = data / "checkerlab.db";
  if (!fs::exists(database)) {
    throw Error(ErrorCode::not_found, data.string() + " holds no database of a coordinator",
                "Name the data directory with --data DIR.");
  }
  VerifyReport report;
  Verifier verifier(report, options);
  // Files first: what comes meanwhile is not taken for a file without a row.
  const ArtifactFiles files = list_artifact_files(data / "artifacts");
  const auto wanted = verifier.check_database(database);
  for (const auto& [sha256, artifact] : wanted)
    verifier.check_artifact(path_of(data / "artifacts", sha256), sha256, artifact.bytes, artifact.who);
  for (const auto& [sha256, file] : files.artifacts) {
    if (!wanted.contains(sha256))
      verifier.add(FindingKind::file_without_row, file.path.string(), "nothing refers to it");
  }
  for (const FoundFile& file : files.strangers)
    verifier.add(FindingKind::file_without_place, file.path.string(), "it is no artifact");
  return report;
}

VerifyReport verify_backup(const fs::path& backup, const std::string& snapshot, const VerifyOptions& options) {
  const BackupFolder folder{backup};
  const std::string name = folder.choose(snapshot);
  VerifyReport report;
  Verifier verifier(report, options);
  const fs::path database = folder.database(name);
  try {
    const Manifest manifest = read_manifest(folder.manifest(name));
    if (!fs::exists(database)) {
      verifier.add(FindingKind::backup_incomplete, database.string(), "it is missing");
      return report;
    }
    if (sha256_file(database) != manifest.database_sha256)
      verifier.add(FindingKind::backup_incomplete, database.string(), "it was changed since it was written");
    for (const auto& [sha256, artifact] : verifier.check_database(database)) {
      if (manifest.artifacts.contains(sha256)) {
        verifier.check_artifact(path_of(folder.artifacts(), sha256), sha256, artifact.bytes, artifact.who);
      } else {
        verifier.add(FindingKind::artifact_missing, sha256,
                     artifact.who + " needs it; it was damaged when the snapshot was made");
      }
    }
  } catch (const Error& error) {
    verifier.add(FindingKind::backup_incomplete, folder.snapshot(name).string(), error.what());
  }
  return report;
}

}  // namespace checkerlab::coordinator
