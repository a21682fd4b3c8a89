// The number of the last commit, kept beside the database in FILE.mark, so that a database that lost what it had
// confirmed is noticed when it is opened: its files were copied while a coordinator ran, or the disk lied.
//
// The number also stands in the database (user_version), set by each transaction; the mark follows when COMMIT has
// returned, so it is never ahead of what is on disk. It is not synced: a mark that is behind does no harm, nor does a
// missing one (a new, restored or older database). Confined to the writer's thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>

namespace checkerlab::coordinator {

class CommitMark {
 public:
  // `database` is that of `file`, open. Throws Error(invalid_data) when it is behind its mark.
  CommitMark(const std::filesystem::path& file, SQLite::Database& database);
  ~CommitMark();
  CommitMark(const CommitMark&) = delete;
  CommitMark& operator=(const CommitMark&) = delete;

  // Inside a transaction: it is the next commit.
  void count(SQLite::Database& database) const;
  // COMMIT has returned.
  void confirm();

  // For a database that is about to be made: what an earlier one of that name left says nothing about it.
  static void forget(const std::filesystem::path& file);

 private:
  int descriptor_ = -1;
  std::uint32_t number_ = 0;
};

}  // namespace checkerlab::coordinator
