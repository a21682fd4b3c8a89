#include "cli/top/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace checkerlab::cli {
namespace {

constexpr const char* kEnter = "\x1b[?1049h\x1b[?25l";
constexpr const char* kLeave = "\x1b[?25h\x1b[?1049l";

}  // namespace

Terminal::Terminal(std::ostream& out) : out_(out) {
  if (::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
    keys_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  out_ << kEnter << std::flush;
}

Terminal::~Terminal() {
  out_ << kLeave << std::flush;
  if (keys_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

ScreenSize Terminal::size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {.columns = 100, .lines = 30};
  return {.columns = size.ws_col, .lines = size.ws_row};
}

void Terminal::draw(const std::vector<std::string>& lines) {
  std::string text = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  out_ << text << "\x1b[J" << std::flush;
}

char Terminal::key() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  char pressed = 0;
  if (!keys_ || ::poll(&input, 1, 0) != 1 || ::read(STDIN_FILENO, &pressed, 1) != 1) return 0;
  return pressed;
}

}  // namespace checkerlab::cli
