// A copy of the whole database for people: one consistent state, without the tables that hold secrets and without any
// byte of them.
#pragma once

#include <filesystem>
#include <stop_token>

namespace checkerlab::coordinator {

// Writes the copy to `to`, which must not be there; writers go on meanwhile. Blocks for as long as the database is long
// (about a second for 100 MB). Throws Error (disk_full, io_error; cancelled after `stop`), then nothing stays at `to`.
void write_public_copy(const std::filesystem::path& database, const std::filesystem::path& to,
                       const std::stop_token& stop = {});

}  // namespace checkerlab::coordinator
