// Where the program writes, what stands there, and how a person stops it. Plain references; used from the main thread
// only.
#pragma once

#include <cstddef>
#include <ostream>
#include <stop_token>

namespace checkerlab::cli {

struct Console {
  std::ostream& out;  // results: what a pipe wants
  std::ostream& err;  // progress and errors: what a person wants
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;      // colours may be used on err
  std::size_t width = 100;  // columns of the terminal
  std::stop_token stop;     // triggered by Ctrl-C
};

}  // namespace checkerlab::cli
