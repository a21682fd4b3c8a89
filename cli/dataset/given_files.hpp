// Finds and hashes the files that a definition names.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/context.hpp"
#include "sweeps/given_files.hpp"

namespace checkerlab::cli {

// Paths are taken from `current`, names of networks from $CHECKERLAB_NETWORKS or the data directory's `networks`, with
// or without the file's ending. Throws Error that names the key of the definition.
std::vector<sweeps::GivenFile> find_given_files(const sweeps::StudyDefinition& study,
                                                const std::filesystem::path& current, const Context& context);

}  // namespace checkerlab::cli
