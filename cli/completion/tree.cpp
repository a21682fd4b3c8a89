#include "cli/completion/tree.hpp"

#include <algorithm>
#include <sstream>

namespace checkerlab::cli {
namespace {

// CLI11 shows the values of IsMember as "{a,b,c}" in the type's name.
std::vector<std::string> choices_in(const std::string& type) {
  const auto open = type.find('{');
  const auto close = type.find('}');
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string choice; std::getline(list, choice, ',');)
    choices.push_back(choice);
  return choices;
}

ValueKind kind_of(const CLI::Option& option, const std::vector<std::string>& choices) {
  if (option.get_items_expected_max() == 0) return ValueKind::none;
  if (!choices.empty()) return ValueKind::choice;
  const std::string type = option.get_type_name();
  if (type.starts_with("FILE")) return ValueKind::file;
  return type.starts_with("DIR") ? ValueKind::directory : ValueKind::text;
}

CompletionOption described(const CLI::Option& option) {
  CompletionOption entry;
  for (const auto& name : option.get_lnames())
    entry.names.push_back("--" + name);
  for (const auto& name : option.get_snames())
    entry.names.push_back("-" + name);
  entry.description = option.get_description();
  entry.choices = choices_in(option.get_type_name());
  entry.value = kind_of(option, entry.choices);
  return entry;
}

void collect(const CLI::App& app, std::vector<CompletionOption>& options, std::vector<CompletionOption>& positionals) {
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    (option->get_positional() ? positionals : options).push_back(described(*option));
  }
}

// The verbs of a verb, as the choices of its first argument.
std::vector<CompletionOption> nested_verbs(const CLI::App& command) {
  CompletionOption verbs{.names = {}, .description = "what to do", .value = ValueKind::choice, .choices = {}};
  for (const CLI::App* nested : command.get_subcommands([](const CLI::App*) { return true; }))
    verbs.choices.push_back(nested->get_name());
  if (verbs.choices.empty()) return {};
  return {verbs};
}

}  // namespace

CompletionTree completion_tree(const CLI::App& app) {
  CompletionTree tree{.program = app.get_name(), .options = {}, .commands = {}};
  std::vector<CompletionOption> none;
  collect(app, tree.options, none);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    CompletionCommand entry{
        .name = command->get_name(), .description = command->get_description(), .options = {}, .positionals = {}};
    collect(*command, entry.options, entry.positionals);
    if (entry.positionals.empty()) entry.positionals = nested_verbs(*command);
    for (const auto& option : tree.options) {
      const bool version = std::find(option.names.begin(), option.names.end(), "--version") != option.names.end();
      const bool help = std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
      if (!version && !help) entry.options.push_back(option);
    }
    tree.commands.push_back(std::move(entry));
  }
  return tree;
}

}  // namespace checkerlab::cli
