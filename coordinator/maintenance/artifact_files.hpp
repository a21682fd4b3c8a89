// The files below an artifacts folder (see artifacts/artifact_store.hpp) as they lie there. Reads names and sizes only;
// any thread, also while a coordinator runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

struct FoundFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::filesystem::file_time_type changed;
};

struct ArtifactFiles {
  std::map<std::string, FoundFile> artifacts;  // by hash, as the name says
  std::vector<FoundFile> temporaries;          // below incoming/
  std::vector<FoundFile> strangers;            // whose name or place no artifact has
};

// A folder that is not there has no files. Files that go while this runs are left out. Throws Error(io_error).
ArtifactFiles list_artifact_files(const std::filesystem::path& folder);

}  // namespace checkerlab::coordinator
