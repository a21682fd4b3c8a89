// The data set of a study as its submitter sees it: found, read and hashed here, so that its content names the jobs.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/console.hpp"
#include "sweeps/definition.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::cli {

// Nothing for a procedural data set. For files: the absolute path (a relative one is taken from `current`, the folder
// the program was started in, never from the definition's) and the hash of the content, with progress on the console's
// err. Throws Error when it is missing or unreadable, Error(cancelled) on Ctrl-C.
std::optional<sweeps::DatasetContent> dataset_content(const sweeps::DatasetDefinition& dataset,
                                                      const std::filesystem::path& current, Console& console);

}  // namespace checkerlab::cli
