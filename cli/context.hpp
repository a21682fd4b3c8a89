// What every verb is given: the console and the options that stand before or after any verb.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/console.hpp"

namespace checkerlab::cli {

struct GlobalOptions {
  std::string url;                                  // empty: the coordinator of the data directory
  std::optional<std::filesystem::path> token_file;  // none: the data directory's
  std::optional<std::filesystem::path> tls_ca;      // none: CHECKERLAB_TLS_CA, else whom the system trusts
  std::optional<std::filesystem::path> data;        // none: $CHECKERLAB_HOME, else ~/.local/share/checkerlab
  bool json = false;                                // of the verb that runs
};

struct Context {
  Console& console;
  GlobalOptions options;

  // The data directory, absolute. Throws Error when none is given and the environment names none.
  [[nodiscard]] std::filesystem::path data_directory() const;
  // "checkerlab" with the options that lead to the same coordinator again, for advice that people copy.
  [[nodiscard]] std::string program() const;
};

}  // namespace checkerlab::cli
