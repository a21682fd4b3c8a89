// Brings one artifact from a file into an ArtifactStore, by copy or hard link, its bytes checked against its name.
#pragma once

#include <filesystem>
#include <string>

#include "coordinator/artifacts/artifact_store.hpp"

namespace checkerlab::coordinator {

// Throws Error: not_found when `source` is not there, invalid_data when its bytes have another hash or size, disk_full
// and io_error. Across file systems a hard link becomes a copy. An interrupted call leaves nothing under the name.
void store_artifact(ArtifactStore& store, const std::string& sha256, std::uint64_t bytes,
                    const std::filesystem::path& source, bool hard_link);

}  // namespace checkerlab::coordinator
