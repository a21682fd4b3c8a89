#pragma once

#include <filesystem>
#include <vector>

namespace checkerlab::model {

// The paths that "DIR/NAME-{000000..000146}.tar" stands for: one numeric range in the last part, with leading zeros as
// in its first number. Empty for a path without a brace. Throws Error(invalid_argument) when the range cannot be read,
// runs backwards, has more than 100,000 numbers, or the last part's ending is not that of an archive.
std::vector<std::filesystem::path> expand_brace(const std::filesystem::path& path);

}  // namespace checkerlab::model
