// checkerlab-coordinator: schedules jobs, keeps results, serves the API and the page.
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

#include "base/error.hpp"
#include "base/logging.hpp"
#include "coordinator/app/application.hpp"
#include "coordinator/app/maintenance_command.hpp"
#include "embedded/web.hpp"

namespace {

void serve(const checkerlab::coordinator::Options& options) {
  using namespace checkerlab;
  coordinator::require_safe_bind(options);
  const coordinator::DataDirectory directory(options.data);
  setup_logging({.level = options.log_level, .to_stderr = true, .json_file = directory.log_file()});
  const SystemClock clock;
  SystemFiles files;
  coordinator::Application(options, directory, clock, files, web_files()).run(true);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (const auto code = checkerlab::coordinator::run_maintenance(argc, argv)) return *code;
  const auto command_line = checkerlab::coordinator::parse_command_line(argc, argv);
  if (!command_line.options) return command_line.exit_code;
  try {
    serve(*command_line.options);
    return 0;
  } catch (const checkerlab::Error& error) {
    std::cerr << "error: " << error.full_text() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
  }
  return 1;
}
