// Brings a database file to the present schema without ever changing the old file: the migrations run on a copy, which
// takes the old file's place by one rename once all went well. A migration that fails, a full disk and a kill at any
// moment leave the file byte for byte as it was. The old file stays beside the new one as `NAME.schema-N`.
//
// For one process at a time (the data directory is locked). Blocking.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "coordinator/store/migrations.hpp"

namespace checkerlab::coordinator {

// Does nothing for a file that is not there, holds no schema yet or has the newest; says where the old file is now
// otherwise. Throws what migrate() throws, and Error(disk_full, invalid_data, io_error) when the copy cannot be made.
std::optional<std::filesystem::path> migrate_file(const std::filesystem::path& file,
                                                  const std::vector<Migration>& migrations, std::int64_t now_ms);

}  // namespace checkerlab::coordinator
