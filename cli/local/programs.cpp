#include "cli/local/programs.hpp"

#include <unistd.h>

#include "base/child_process.hpp"
#include "base/error.hpp"

namespace checkerlab::cli {

std::filesystem::path sibling_program(const std::string& name) {
  auto path = own_executable().parent_path() / name;
  if (::access(path.c_str(), X_OK) == 0) return path;
  throw Error(ErrorCode::internal, "the program " + path.string() + " does not exist or is not executable",
              "Build it with ./dev build (the worker needs LibTorch), or call the checkerlab that stands beside it.");
}

}  // namespace checkerlab::cli
