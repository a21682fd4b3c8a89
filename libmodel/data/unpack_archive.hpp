#pragma once

#include <filesystem>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

// Writes the bytes of a gzip-compressed archive, unpacked, to the file `target`, through little memory. Throws Error:
// invalid_data (damaged or cut short; names the archive), disk_full, io_error, cancelled. What is there of `target`
// then is the caller's to remove.
void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& target,
                    const Observer& observer);

}  // namespace checkerlab::model
