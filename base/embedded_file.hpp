// A file compiled into the binary (see cmake/embed.cmake).
#pragma once

#include <string_view>

namespace checkerlab {

struct EmbeddedFile {
  std::string_view name;  // relative to the folder it was embedded from
  std::string_view data;
};

}  // namespace checkerlab
