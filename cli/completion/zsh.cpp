#include "cli/completion/scripts.hpp"

namespace checkerlab::cli {
namespace {

// Inside single quotes, and with the characters that _arguments gives a meaning escaped.
std::string quote(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

std::string action(const CompletionOption& option) {
  std::string choices;
  switch (option.value) {
    case ValueKind::file:
      return "_files";
    case ValueKind::directory:
      return "_files -/";
    case ValueKind::choice:
      for (const auto& choice : option.choices)
        choices += (choices.empty() ? "" : " ") + quote(choice);
      return "(" + choices + ")";
    default:
      return " ";
  }
}

std::string option_specs(const std::vector<CompletionOption>& options) {
  std::string text;
  for (const auto& option : options) {
    for (const auto& name : option.names) {
      text += " \\\n        '*" + name + "[" + quote(option.description) + "]";
      if (option.value != ValueKind::none) text += ":value:" + action(option);
      text += "'";
    }
  }
  return text;
}

std::string command_case(const CompletionCommand& command) {
  std::string text = "      " + command.name + ")\n        _arguments" + option_specs(command.options);
  for (const auto& positional : command.positionals) {
    text += " \\\n        ':" + quote(positional.description) + ":" + action(positional) + "'";
  }
  return text + " ;;\n";
}

}  // namespace

std::string zsh_completion(const CompletionTree& tree) {
  std::string text =
      "#compdef " + tree.program + "\n# Completion of " + tree.program + " for zsh.\n_" + tree.program +
      "() {\n  local context state state_descr line\n  typeset -A opt_args\n  local -a verbs\n  verbs=(\n";
  for (const auto& command : tree.commands) {
    text += "    '" + command.name + ":" + quote(command.description) + "'\n";
  }
  text += "  )\n  _arguments -C" + option_specs(tree.options) +
          " \\\n        '1:verb:->verb' \\\n        '*::argument:->argument'\n"
          "  case $state in\n    verb) _describe verb verbs ;;\n    argument)\n      case $words[1] in\n";
  for (const auto& command : tree.commands)
    text += command_case(command);
  return text + "      esac ;;\n  esac\n}\nif [ \"$funcstack[1]\" = \"_" + tree.program + "\" ]; then\n  _" +
         tree.program + " \"$@\"\nelse\n  compdef _" + tree.program + " " + tree.program + "\nfi\n";
}

}  // namespace checkerlab::cli
