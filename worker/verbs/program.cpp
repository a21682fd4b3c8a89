#include "worker/verbs/program.hpp"

#include <c10/util/Exception.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/error_text.hpp"
#include "base/exit_code.hpp"
#include "base/suggestion.hpp"
#include "base/version.hpp"
#include "sweeps/issue_text.hpp"
#include "worker/verbs/terminal_observer.hpp"
#include "worker/verbs/verb.hpp"

namespace checkerlab::worker {
namespace {

std::atomic<bool> stop_asked{false};

void on_signal(int) {
  if (stop_asked.exchange(true)) _exit(static_cast<int>(ExitCode::interrupted));
}

struct Line {
  CLI::App app;
  std::vector<std::pair<CLI::App*, std::unique_ptr<ModelVerb>>> verbs;
  bool json = false;

  // All verbs of `checkerlab model`.
  Line() : app("Work on model files, without a coordinator", "checkerlab model") {
    app.set_version_flag("--version", version_string());
    app.require_subcommand(0, 1);
    for (const ModelVerbEntry& entry : all_model_verbs())
      add(entry, *app.add_subcommand(entry.name, entry.summary));
  }

  // One verb of the top level.
  explicit Line(const ModelVerbEntry& entry) : app(entry.summary, std::string("checkerlab ") + entry.name) {
    add(entry, app);
  }

  ModelVerb* chosen() const {
    for (const auto& [command, verb] : verbs)
      if (command->parsed()) return verb.get();
    return nullptr;
  }

  std::string help_command() const {
    const auto verb = app.get_subcommands();
    return "See: " + app.get_name() + " " + (verb.empty() ? "" : verb.front()->get_name() + " ") + "--help";
  }

 private:
  void add(const ModelVerbEntry& entry, CLI::App& command) {
    command.footer(std::string("Examples:\n") + entry.examples);
    command.add_flag("--json", json, "Print JSON (one document, or one a line where output is a stream)");
    verbs.emplace_back(&command, entry.make());
    verbs.back().second->configure(command);
  }
};

// CLI11 reports an unknown verb only as "a subcommand is required"; say which word it was.
void refuse_unknown_verb(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with('-')) return;
  std::vector<std::string> names;
  for (const ModelVerbEntry& entry : all_model_verbs())
    names.emplace_back(entry.name);
  if (std::find(names.begin(), names.end(), arguments.front()) != names.end()) return;
  const auto nearest = nearest_name(arguments.front(), names);
  throw Error(ErrorCode::invalid_argument, "there is no verb 'model " + arguments.front() + "'",
              (nearest ? "Did you mean '" + *nearest + "'? " : "") + "See: checkerlab model --help");
}

// True when there is nothing left to do: help or version was asked for and printed.
bool parse(Line& line, const std::vector<std::string>& arguments, const ModelProgramIo& io) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    line.app.parse(reversed);
  } catch (const CLI::Success& success) {
    line.app.exit(success, io.out, io.err);
    return true;
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::invalid_argument, error.what(), line.help_command());
  }
  if (line.chosen() == nullptr) io.out << line.app.help();
  return line.chosen() == nullptr;
}

void run(Line& line, const std::vector<std::string>& arguments, const ModelProgramIo& io) {
  if (parse(line, arguments, io)) return;
  TerminalObserver observer(io.err, io.err_is_terminal, io.stop);
  VerbContext context{io.out, io.err, line.json, observer};
  line.chosen()->run(context);
  io.out.flush();
  if (!io.out) throw Error(ErrorCode::io_error, "could not write the output", "Is the disk full?");
}

int report(const std::exception& exception, const std::vector<std::string>& arguments, const ModelProgramIo& io) {
  const ExitCode code = io.stop ? ExitCode::interrupted : exit_code_of(exception);
  if (code == ExitCode::interrupted) return static_cast<int>(code);
  if (std::find(arguments.begin(), arguments.end(), "--json") != arguments.end()) {
    using Json = nlohmann::json;
    Json error = error_json(exception);
    if (const auto* refused = dynamic_cast<const sweeps::DefinitionRefused*>(&exception))
      error.update(sweeps::issues_json(refused->cause()));
    io.err << Json{{"error", error}}.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  } else if (const auto* refused = dynamic_cast<const sweeps::DefinitionRefused*>(&exception)) {
    io.err << sweeps::issues_text(refused->cause(), refused->source()) << std::flush;
  } else {
    io.err << error_text(exception) << std::flush;
  }
  return static_cast<int>(code);
}

// The first line of what LibTorch says, without its C++ backtrace: people read it.
std::runtime_error plain(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return std::runtime_error(text.substr(0, text.find('\n')));
}

template <typename Work>
int reported(const std::vector<std::string>& arguments, const ModelProgramIo& io, const Work& work) {
  try {
    work();
    return static_cast<int>(ExitCode::success);
  } catch (const c10::Error& error) {
    return report(plain(error), arguments, io);
  } catch (const std::exception& exception) {
    return report(exception, arguments, io);
  }
}

// Signals ask for a stop; arguments without the program and the word behind it.
template <typename Program>
int with_standard_streams(int argc, char** argv, const Program& program) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    std::signal(signal, on_signal);
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  return program(arguments, ModelProgramIo{std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1, stop_asked});
}

}  // namespace

int run_model_program(const std::vector<std::string>& arguments, const ModelProgramIo& io) {
  return reported(arguments, io, [&] {
    refuse_unknown_verb(arguments);
    Line line;
    run(line, arguments, io);
  });
}

int run_model_program(int argc, char** argv) {
  return with_standard_streams(
      argc, argv, [](const auto& arguments, const ModelProgramIo& io) { return run_model_program(arguments, io); });
}

int run_verb_program(const ModelVerbEntry& verb, const std::vector<std::string>& arguments, const ModelProgramIo& io) {
  return reported(arguments, io, [&] {
    Line line(verb);
    run(line, arguments, io);
  });
}

int run_verb_program(const ModelVerbEntry& verb, int argc, char** argv) {
  return with_standard_streams(argc, argv, [&](const auto& arguments, const ModelProgramIo& io) {
    return run_verb_program(verb, arguments, io);
  });
}

}  // namespace checkerlab::worker
