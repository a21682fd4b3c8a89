// "Did you mean": the nearest of some names. Pure and thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace checkerlab {

// The one of `names` that differs least from `word` (Levenshtein distance, the first of equals), if no more than a
// third of the word's letters, or two in a short word, differ.
std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> names);

}  // namespace checkerlab
