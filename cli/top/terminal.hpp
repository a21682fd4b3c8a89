// The terminal while `checkerlab top` has it: its own screen, no cursor, keys as they are pressed. All of it is put
// back by the destructor. One at a time; main thread only.
#pragma once

#include <termios.h>

#include <ostream>
#include <string>
#include <vector>

#include "cli/top/screen.hpp"

namespace checkerlab::cli {

class Terminal {
 public:
  explicit Terminal(std::ostream& out);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As it is now: a window may be resized at any time.
  static ScreenSize size();
  // Writes over what was there.
  void draw(const std::vector<std::string>& lines);
  // The key that was pressed since the last call, or 0. Does not wait.
  char key();

 private:
  std::ostream& out_;
  termios before_{};
  bool keys_ = false;
};

}  // namespace checkerlab::cli
