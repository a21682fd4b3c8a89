// The access token and the files it stands in.
#pragma once

#include <filesystem>
#include <string>

namespace checkerlab::cli {

// The token in `file`, without white space around it. Throws Error when the file cannot be read or is empty.
std::string read_token(const std::filesystem::path& file);

}  // namespace checkerlab::cli
