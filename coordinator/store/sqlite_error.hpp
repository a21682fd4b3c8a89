// SQLite's exceptions as named errors of the project.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::coordinator {

// Full disk → disk_full; everything else of SQLite → io_error. The message names the file and SQLite's own words.
[[noreturn]] void throw_storage_error(const std::filesystem::path& file, const SQLite::Exception& exception);

// Runs `body`; what SQLite throws becomes an Error, other exceptions pass.
template <class Body>
decltype(auto) translate_errors(const std::filesystem::path& file, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const SQLite::Exception& exception) {
    throw_storage_error(file, exception);
  }
}

}  // namespace checkerlab::coordinator
