// `checkerlab`: the command line. Here stands only what belongs to a process: signals and the terminal.
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/exit_code.hpp"
#include "cli/app.hpp"

namespace {

using namespace checkerlab;
using namespace checkerlab::cli;

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&set, signal);
  return set;
}

// The first signal asks everything to stop; a second one ends the program at once (its children die with it).
void start_signal_thread(const sigset_t& signals, const std::stop_source& stop) {
  std::thread([signals, stop]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
    sigwait(&signals, &signal);
    _exit(static_cast<int>(ExitCode::interrupted));
  }).detach();
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::clamp<std::size_t>(size.ws_col, 40, 200);
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

int main(int argc, char** argv) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const std::stop_source stop;
  start_signal_thread(signals, stop);

  const bool err_is_terminal = isatty(STDERR_FILENO) == 1;
  Console console{.out = std::cout,
                  .err = std::cerr,
                  .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                  .err_is_terminal = err_is_terminal,
                  .colour = err_is_terminal && !is_set("NO_COLOR"),
                  .width = terminal_width(),
                  .stop = stop.get_token()};
  return run_cli(std::vector<std::string>(argv + 1, argv + argc), console);
}
