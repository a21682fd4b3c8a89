#include "cli/app.hpp"

#include <algorithm>
#include <exception>

#include "base/error.hpp"
#include "base/suggestion.hpp"
#include "base/version.hpp"
#include "cli/errors/report.hpp"

namespace checkerlab::cli {
namespace {

constexpr const char* kSummary = "Studies of progressive-checkerboard image models: describe, run, watch, compare.";
constexpr const char* kFooter =
    "Examples:\n"
    "  checkerlab run sweeps/demo.yaml\n"
    "  checkerlab status\n"
    "  checkerlab results demo --format svg --out demo.svg\n"
    "  checkerlab results --sql \"select * from fig_5\"\n"
    "\n"
    "Exit codes: 0 success, 1 wrong usage or input, 2 the study failed, 3 it was cancelled,\n"
    "4 the coordinator is not reachable or refuses the token, 5 anything else, 130 interrupted.";

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const VerbEntry& entry : all_verbs())
    names.emplace_back(entry.name);
  return names;
}

// CLI11 reports an unknown verb only as "a subcommand is required"; say which word it was.
void refuse_unknown_verb(const std::vector<std::string>& args) {
  if (args.empty() || args.front().starts_with('-')) return;
  const auto names = verb_names();
  if (std::find(names.begin(), names.end(), args.front()) != names.end()) return;
  const auto nearest = nearest_name(args.front(), names);
  throw Error(ErrorCode::invalid_argument, "there is no verb '" + args.front() + "'",
              (nearest ? "Did you mean '" + *nearest + "'? " : "") + "See: checkerlab --help");
}

// The same within a verb that has verbs of its own, unless they are another program's.
void refuse_unknown_nested_verb(const CLI::App& app, const std::vector<std::string>& args) {
  if (args.size() < 2 || args[1].starts_with('-')) return;
  std::vector<std::string> names;
  for (const CLI::App* verb :
       app.get_subcommands([&](const CLI::App* other) { return other->get_name() == args[0]; })) {
    if (verb->get_prefix_command()) return;
    for (const CLI::App* nested : verb->get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(nested->get_name());
  }
  if (names.empty() || std::find(names.begin(), names.end(), args[1]) != names.end()) return;
  const auto nearest = nearest_name(args[1], names);
  throw Error(ErrorCode::invalid_argument, "'" + args[0] + "' has no verb '" + args[1] + "'",
              (nearest ? "Did you mean '" + *nearest + "'? " : "") + "See: checkerlab " + args[0] + " --help");
}

std::string help_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return "See: checkerlab " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
}

bool wants_json(const std::vector<std::string>& args) {
  return std::find(args.begin(), args.end(), "--json") != args.end();
}

// True when there is nothing left to do: help or version was asked for and printed.
bool parse(CommandLine& line, const std::vector<std::string>& args, Console& console) {
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    line.app().parse(reversed);
    return false;
  } catch (const CLI::Success& success) {
    line.app().exit(success, console.out, console.err);
    return true;
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::invalid_argument, error.what(), help_command(line.app()));
  }
}

ExitCode run(const std::vector<std::string>& args, Console& console) {
  refuse_unknown_verb(args);
  CommandLine line;
  refuse_unknown_nested_verb(line.app(), args);
  if (parse(line, args, console)) return ExitCode::success;
  Verb* verb = line.chosen();
  if (verb == nullptr) {
    console.out << line.app().help();
    return ExitCode::success;
  }
  Context context{console, line.options()};
  const ExitCode code = verb->run(context);
  console.out.flush();
  if (!console.out) throw Error(ErrorCode::io_error, "could not write the output", "Is the disk full?");
  return code;
}

}  // namespace

CommandLine::CommandLine() : app_(kSummary, "checkerlab") {
  app_.set_version_flag("--version", version_string());
  app_.footer(kFooter);
  app_.require_subcommand(0, 1);
  app_.add_option("--url", options_.url,
                  "Coordinator to talk to, http://HOST:PORT or https://… (default: the data directory's)")
      ->type_name("URL");
  app_.add_option("--token-file", options_.token_file,
                  "File that holds the access token (default: the data directory's)")
      ->type_name("FILE");
  app_.add_option("--tls-ca", options_.tls_ca,
                  "PEM file of the authority that an https coordinator is trusted through (default: the system's)")
      ->type_name("FILE");
  app_.add_option("--data", options_.data, "Data directory (default: $CHECKERLAB_HOME or ~/.local/share/checkerlab)")
      ->type_name("DIR");
  for (const VerbEntry& entry : all_verbs())
    add(entry);
}

void CommandLine::add(const VerbEntry& entry) {
  CLI::App* command = app_.add_subcommand(entry.name, entry.summary);
  command->fallthrough();
  command->footer(std::string("Examples:\n") + entry.examples);
  command->add_flag("--json", options_.json, "Print JSON (one document, or one a line where output is a stream)");
  commands_.push_back({command, entry.make()});
  commands_.back().verb->configure(*command);
}

Verb* CommandLine::chosen() {
  for (const Command& command : commands_) {
    if (command.app->parsed()) return command.verb.get();
  }
  return nullptr;
}

int run_cli(const std::vector<std::string>& args, Console& console) {
  try {
    return static_cast<int>(run(args, console));
  } catch (const std::exception& exception) {
    const ExitCode code = console.stop.stop_requested() ? ExitCode::interrupted : exit_code_of(exception);
    if (code != ExitCode::interrupted) report(console, exception, wants_json(args));
    return static_cast<int>(code);
  }
}

int run_cli(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  Console console{.out = out, .err = err};
  return run_cli(args, console);
}

}  // namespace checkerlab::cli
