#include "coordinator/maintenance/gc.hpp"

#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text/number.hpp"
#include "coordinator/app/data_directory.hpp"
#include "coordinator/maintenance/artifact_files.hpp"
#include "coordinator/maintenance/file_lock.hpp"
#include "coordinator/maintenance/wanted_artifacts.hpp"
#include "coordinator/store/database_copy.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/sqlite_error.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// What the database knows that matters here, in one state.
struct Known {
  std::map<std::string, WantedArtifact> wanted;
  std::set<std::string> superseded;          // checkpoints that a later one took the place of, or whose job succeeded
  std::optional<std::int64_t> in_use_since;  // when the first attempt of a job that is running now was assigned
  std::size_t rows = 0;
};

// "SELECT COUNT(*)" or "DELETE" of the rows of artifacts that no job has.
std::string of_no_job(std::string_view verb) {
  std::string sql(verb);
  sql +=
      " FROM artifacts WHERE NOT EXISTS (SELECT 1 FROM job_artifacts x WHERE x.sha256 = artifacts.sha256) "
      "AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.sha256 = artifacts.sha256)";
  return sql;
}

Known look_up(const fs::path& file) {
  return translate_errors(file, [&] {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
    const SQLite::Transaction one_state(database);
    Known known;
    known.wanted = wanted_artifacts(database);
    if (database.tableExists("checkpoint_history")) {
      for_each_row(database, "SELECT sha256 FROM checkpoint_history", [&](SQLite::Statement& row) {
        const std::string sha256 = row.getColumn(0).getString();
        if (!known.wanted.contains(sha256)) known.superseded.insert(sha256);
      });
    }
    for_each_row(database,
                 "SELECT MIN(a.assigned_at) FROM attempts a JOIN jobs j ON j.number = a.job WHERE j.state = 'running'",
                 [&](SQLite::Statement& row) {
                   if (!row.getColumn(0).isNull()) known.in_use_since = row.getColumn(0).getInt64();
                 });
    known.rows = static_cast<std::size_t>(database.execAndGet(of_no_job("SELECT COUNT(*)")).getInt64());
    return known;
  });
}

std::int64_t utc_ms(fs::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return std::chrono::duration_cast<milliseconds>(system.time_since_epoch()).count();
}

class Collector {
 public:
  Collector(const GcOptions& options, const Known& known, std::int64_t now)
      : known_(known), recent_(now - milliseconds(options.keep_recent).count()) {}

  void look_at(const ArtifactFiles& files, GcReport& report) const {
    for (const auto& [sha256, file] : files.artifacts) {
      if (known_.wanted.contains(sha256)) continue;
      if (known_.superseded.contains(sha256)) {
        report.garbage.push_back({file.path, "superseded checkpoint", file.bytes});
      } else if (may_be_needed(file)) {
        ++report.kept_for_now;
      } else {
        report.garbage.push_back({file.path, "nothing refers to it", file.bytes});
      }
    }
    for (const FoundFile& file : files.temporaries)
      add_temporary(file, report);
  }

  // Files of the data directory itself that a kill left while they were written.
  void look_at_leftovers(const fs::path& data, GcReport& report) const {
    for (const auto& entry : fs::directory_iterator(data)) {
      const std::string name = entry.path().filename().string();
      const bool temporary = name.find(".tmp-") != std::string::npos || name.starts_with("checkerlab.db.migrating");
      if (temporary && entry.is_regular_file())
        add_temporary({entry.path(), entry.file_size(), entry.last_write_time()}, report);
    }
  }

 private:
  bool is_recent(const FoundFile& file) const { return utc_ms(file.changed) > recent_; }

  // A running attempt sends its files before it reports them, and a second attempt finds those of the first there.
  bool may_be_needed(const FoundFile& file) const {
    constexpr std::int64_t kClockGrain = 2'000;
    return is_recent(file) || (known_.in_use_since && utc_ms(file.changed) >= *known_.in_use_since - kClockGrain);
  }

  void add_temporary(const FoundFile& file, GcReport& report) const {
    if (is_recent(file)) {
      ++report.kept_for_now;
    } else {
      report.garbage.push_back({file.path, "unfinished file", file.bytes});
    }
  }

  const Known& known_;
  const std::int64_t recent_;
};

// Rows first: a file without a row is found again, a row without its file would be damage.
void remove(const fs::path& database, const GcReport& report) {
  if (report.rows > 0) {
    translate_errors(database, [&] {
      SQLite::Database writable(database.string(), SQLite::OPEN_READWRITE, 5'000);
      writable.exec("PRAGMA synchronous = FULL");
      writable.exec(of_no_job("DELETE"));
    });
  }
  SystemFiles files;
  for (const Garbage& garbage : report.garbage)
    files.remove(garbage.path);
}

GcReport collect(const GcOptions& options, const fs::path& database, std::int64_t now) {
  if (const auto complaints = database_complaints(database, 1); !complaints.empty()) {
    throw Error(ErrorCode::invalid_data, "the database " + database.string() + " is damaged: " + complaints.front(),
                "Nothing was removed. Restore it from a backup first.");
  }
  GcReport report;
  const ArtifactFiles files = list_artifact_files(options.data / "artifacts");
  const Known known = look_up(database);
  const Collector collector(options, known, now);
  collector.look_at(files, report);
  collector.look_at_leftovers(options.data, report);
  report.rows = known.rows;
  if (options.remove) remove(database, report);
  report.removed = options.remove;
  return report;
}

}  // namespace

std::uint64_t GcReport::bytes() const {
  std::uint64_t sum = 0;
  for (const Garbage& one : garbage)
    sum += one.bytes;
  return sum;
}

nlohmann::json GcReport::to_json() const {
  Json list = Json::array();
  for (const Garbage& one : garbage)
    list.push_back({{"path", one.path.string()}, {"why", one.why}, {"bytes", one.bytes}});
  return {{"removed", removed}, {"bytes", bytes()}, {"rows", rows}, {"kept_for_now", kept_for_now}, {"garbage", list}};
}

std::string GcReport::to_text() const {
  std::string text;
  for (const Garbage& one : garbage)
    text += one.why + "  " + one.path.string() + "  " + bytes_text(static_cast<double>(one.bytes)) + "\n";
  text += (removed ? "removed " : "would remove ") + std::to_string(garbage.size()) + " files, " +
          bytes_text(static_cast<double>(bytes())) + "\n";
  if (rows > 0) text += std::to_string(rows) + " rows of artifacts that no job has\n";
  if (kept_for_now > 0) text += std::to_string(kept_for_now) + " files without a row may still be needed and stay\n";
  if (!removed && (!garbage.empty() || rows > 0)) text += "nothing was touched; --delete removes them\n";
  return text;
}

GcReport collect_garbage(const GcOptions& options, const Clock& clock) {
  const fs::path database = options.data / "checkerlab.db";
  if (!fs::exists(database)) {
    throw Error(ErrorCode::not_found, options.data.string() + " holds no database of a coordinator",
                "Name the data directory with --data DIR.");
  }
  const std::int64_t now = clock.utc().time_since_epoch().count();
  if (!options.remove) return collect(options, database, now);
  std::optional<DataDirectory> alone;
  try {
    alone.emplace(options.data);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict) throw;
    throw Error(ErrorCode::conflict, std::string("nothing can be removed now: ") + error.what(),
                "Stop it for as long as gc takes (attempts go on meanwhile), or look only, without --delete.");
  }
  const FileLock no_backup(options.data / "maintenance.lock", FileLock::Kind::exclusive, "a backup");
  return collect(options, database, now);
}

}  // namespace checkerlab::coordinator
