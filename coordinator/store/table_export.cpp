#include "coordinator/store/table_export.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <vector>

#include "base/error.hpp"
#include "coordinator/store/row_text.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/sqlite_error.hpp"
#include "coordinator/store/user_query.hpp"

namespace checkerlab::coordinator {
namespace {

int should_stop(void* stop) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

// Its name as the database spells it.
std::string find_table(SQLite::Database& database, const std::string& wanted) {
  std::string found;
  std::string names;
  for_each_row(database, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name",
               [&](SQLite::Statement& row) {
                 const std::string name = row.getColumn(0).getString();
                 if (!is_user_table(name)) return;
                 if (sqlite3_stricmp(name.c_str(), wanted.c_str()) == 0) found = name;
                 names += (names.empty() ? "" : ", ") + name;
               });
  if (!found.empty()) return found;
  throw Error(ErrorCode::not_found, "there is no table or view '" + wanted.substr(0, 100) + "'",
              "There are " + names + ".");
}

}  // namespace

class TableExport::Impl {
 public:
  Impl(const std::filesystem::path& file, const std::string& table, ExportFormat format, std::stop_token stop)
      : file_(file), format_(format), stop_(std::move(stop)), database_(file.string(), SQLite::OPEN_READONLY, 5'000) {
    const std::string sql = "SELECT * FROM \"" + find_table(database_, table) + "\"";
    sqlite3_progress_handler(database_.getHandle(), 10'000, should_stop, &stop_);
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(database_.getHandle(), sql.c_str(), -1, &raw, nullptr);
    rows_.reset(raw);
    if (code != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), code);
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      const std::string name = sqlite3_column_name(raw, i);
      names_.push_back(format == ExportFormat::csv ? name : json_text(name));
    }
  }

  std::string next(std::size_t bytes) {
    std::string text;
    text.reserve(bytes + bytes / 8);
    if (!begun_ && format_ == ExportFormat::csv) append_csv_head(text, names_);
    begun_ = true;
    while (!ended_ && text.size() < bytes)
      add_row(text);
    return text;
  }

  const std::filesystem::path& file() const { return file_; }

 private:
  void add_row(std::string& text) {
    const int code = sqlite3_step(rows_.get());
    if (code == SQLITE_ROW) {
      if (format_ == ExportFormat::csv) return append_csv_row(text, rows_.get());
      return append_json_row(text, rows_.get(), names_);
    }
    ended_ = true;
    if (code == SQLITE_INTERRUPT) throw Error(ErrorCode::cancelled, "the export was stopped: the coordinator ends");
    if (code != SQLITE_DONE) throw SQLite::Exception(database_.getHandle(), code);
    rows_.reset();  // the log may shrink again
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  const std::filesystem::path file_;
  const ExportFormat format_;
  std::stop_token stop_;
  SQLite::Database database_;
  std::unique_ptr<sqlite3_stmt, Finalize> rows_;
  std::vector<std::string> names_;
  bool begun_ = false;
  bool ended_ = false;
};

TableExport::TableExport(const std::filesystem::path& database, const std::string& table, ExportFormat format,
                         std::stop_token stop)
    : impl_(translate_errors(database,
                             [&] { return std::make_unique<Impl>(database, table, format, std::move(stop)); })) {}
TableExport::~TableExport() = default;

std::string TableExport::next(std::size_t bytes) {
  return translate_errors(impl_->file(), [&] { return impl_->next(bytes); });
}

}  // namespace checkerlab::coordinator
