// What every fuzz target shares. A reader takes its input or refuses it with an Error; whatever else happens ends the
// program, which libFuzzer reports together with the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"

// Called by libFuzzer for every input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace checkerlab::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the program when the promise is broken.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

// False when `read` refused its input. Exceptions that are no Error pass through and end the program.
template <class Read>
bool taken(Read&& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    require(error.code() != ErrorCode::internal, error.what());
    require(*error.what() != '\0', "a refusal says why");
    return false;
  }
}

}  // namespace checkerlab::fuzz
