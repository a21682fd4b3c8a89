// Unpredictable text for tokens, ids and temporary names. Never used for anything that a result depends on.
#pragma once

#include <cstddef>
#include <string>

namespace checkerlab {

// `length` characters of [a-z0-9], from the operating system's generator. Throws Error(internal) if that fails.
std::string random_token(std::size_t length);

}  // namespace checkerlab
