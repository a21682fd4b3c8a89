// The other programs of Checkerlab, which stand beside this one.
#pragma once

#include <filesystem>
#include <string>

namespace checkerlab::cli {

// The path of program `name` in the folder of the running program. Throws Error(internal) that says what to build or
// install.
std::filesystem::path sibling_program(const std::string& name);

}  // namespace checkerlab::cli
