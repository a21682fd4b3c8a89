// A whole database file, read while others write to it. Blocking; any thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

// Copies `from`, with what still stands in its write-ahead log, by SQLite's online backup: one consistent state, and
// writers go on meanwhile. `to` must not be there; the copy needs no other file beside it. Throws Error (disk_full,
// invalid_data, io_error); then nothing stays at `to`.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

// What integrity_check and foreign_key_check complain about, at most `most` lines; empty when the database is sound.
// Never throws for a damaged database: what SQLite says about it is a complaint.
std::vector<std::string> database_complaints(const std::filesystem::path& file, std::size_t most = 20);

}  // namespace checkerlab::coordinator
