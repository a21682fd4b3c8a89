#include "cli/completion/scripts.hpp"

namespace checkerlab::cli {
namespace {

std::string words(const std::vector<CompletionOption>& options) {
  std::string text;
  for (const auto& option : options) {
    for (const auto& name : option.names)
      text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const auto& part : parts)
    text += (text.empty() ? "" : separator) + part;
  return text;
}

// What to offer as the value of `option`, as a bash statement.
std::string value_statement(const CompletionOption& option) {
  switch (option.value) {
    case ValueKind::choice:
      return "COMPREPLY=($(compgen -W \"" + joined(option.choices, " ") + "\" -- \"$current\"))";
    case ValueKind::file:
      return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\"))";
    case ValueKind::directory:
      return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\"))";
    default:
      return "COMPREPLY=()";
  }
}

// "run:--set) …": what follows an option that takes a value, by command.
std::string value_cases(const std::string& command, const std::vector<CompletionOption>& options) {
  std::string text;
  for (const auto& option : options) {
    if (option.value == ValueKind::none) continue;
    std::vector<std::string> patterns;
    for (const auto& name : option.names)
      patterns.push_back(command + ":" + name);
    text += "    " + joined(patterns, "|") + ") " + value_statement(option) + "; return ;;\n";
  }
  return text;
}

std::string word_case(const CompletionCommand& command) {
  std::string text = "    " + command.name + ")\n      case \"$current\" in\n        -*) COMPREPLY=($(compgen -W \"" +
                     words(command.options) + "\" -- \"$current\")) ;;\n";
  if (!command.positionals.empty()) text += "        *) " + value_statement(command.positionals.front()) + " ;;\n";
  return text + "      esac ;;\n";
}

}  // namespace

std::string bash_completion(const CompletionTree& tree) {
  std::vector<std::string> names;
  for (const auto& command : tree.commands)
    names.push_back(command.name);
  std::string text =
      "# Completion of " + tree.program + " for bash.\n_" + tree.program + "() {\n" +
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" verb=\"\" word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$word\" in\n      " +
      joined(names, "|") + ") verb=\"$word\"; break ;;\n    esac\n  done\n" +
      "  COMPREPLY=()\n  case \"$verb:$previous\" in\n" + value_cases("", tree.options);
  for (const auto& command : tree.commands)
    text += value_cases(command.name, command.options);
  text += "  esac\n  case \"$verb\" in\n    \"\") COMPREPLY=($(compgen -W \"" + joined(names, " ") + " " +
          words(tree.options) + "\" -- \"$current\")) ;;\n";
  for (const auto& command : tree.commands)
    text += word_case(command);
  return text + "  esac\n}\ncomplete -F _" + tree.program + " " + tree.program + "\n";
}

}  // namespace checkerlab::cli
