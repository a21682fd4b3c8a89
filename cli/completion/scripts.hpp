// Completion scripts. Pure and thread-safe.
#pragma once

#include <string>

#include "cli/completion/tree.hpp"

namespace checkerlab::cli {

// For bash ≥ 4: `source <(checkerlab completion bash)`.
std::string bash_completion(const CompletionTree& tree);

// For zsh: a file named _checkerlab in a folder of $fpath.
std::string zsh_completion(const CompletionTree& tree);

// For fish: ~/.config/fish/completions/checkerlab.fish.
std::string fish_completion(const CompletionTree& tree);

}  // namespace checkerlab::cli
