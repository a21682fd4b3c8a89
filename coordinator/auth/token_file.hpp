// The owner-only file that holds the bearer token.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.hpp"

namespace checkerlab::coordinator {

// Reads the token, making the file (mode 0600, 48 random characters) when there is none. A file that others may read is
// refused with Error(forbidden), an empty or malformed one with Error(invalid_data).
std::string load_or_create_token(Files& files, const std::filesystem::path& file);

}  // namespace checkerlab::coordinator
