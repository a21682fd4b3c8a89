#include "cli/completion/scripts.hpp"

namespace checkerlab::cli {
namespace {

std::string quote(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string value_flags(const CompletionOption& option) {
  std::string choices;
  switch (option.value) {
    case ValueKind::none:
      return "";
    case ValueKind::file:
      return " -r -F";
    case ValueKind::directory:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::choice:
      for (const auto& choice : option.choices)
        choices += (choices.empty() ? "" : " ") + choice;
      return " -x -a " + quote(choices);
    default:
      return " -x";
  }
}

std::string option_line(const std::string& program, const std::string& condition, const CompletionOption& option) {
  std::string text = "complete -c " + program + condition;
  for (const auto& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text + value_flags(option) + " -d " + quote(option.description) + "\n";
}

std::string command_lines(const std::string& program, const CompletionCommand& command) {
  std::string text = "complete -c " + program + " -n __fish_use_subcommand -a " + command.name + " -d " +
                     quote(command.description) + "\n";
  const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
  for (const auto& option : command.options)
    text += option_line(program, condition, option);
  for (const auto& positional : command.positionals) {
    if (positional.value == ValueKind::file) text += "complete -c " + program + condition + " -F\n";
    if (positional.value == ValueKind::choice)
      text += "complete -c " + program + condition + value_flags(positional) + "\n";
  }
  return text;
}

}  // namespace

std::string fish_completion(const CompletionTree& tree) {
  std::string text = "# Completion of " + tree.program + " for fish.\ncomplete -c " + tree.program + " -f\n";
  for (const auto& option : tree.options)
    text += option_line(tree.program, " -n __fish_use_subcommand", option);
  for (const auto& command : tree.commands)
    text += command_lines(tree.program, command);
  return text;
}

}  // namespace checkerlab::cli
