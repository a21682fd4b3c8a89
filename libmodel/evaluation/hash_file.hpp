#pragma once

#include <filesystem>
#include <string>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

// SHA-256 of a file of any size, with progress. Throws Error: not_found, io_error, cancelled.
std::string hash_file(const std::filesystem::path& path, Observer& observer);

}  // namespace checkerlab::model
