// How the mistakes of a definition are shown, with the lines they stand in. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "sweeps/parse.hpp"

namespace checkerlab::sweeps {

// A definition that was refused, with the text it was read from so that the lines can be shown.
class DefinitionRefused : public Error {
 public:
  DefinitionRefused(DefinitionError error, std::string source);

  const DefinitionError& cause() const { return cause_; }
  const std::string& source() const { return source_; }

 private:
  DefinitionError cause_;
  std::string source_;
};

// All issues, one after the other:
//   error: demo.yaml:12:3: model.layrs: unknown key
//    12 |   layrs: 3
//       |   ^
//     fix: …
std::string issues_text(const DefinitionError& error, std::string_view source);

// {"filename", "issues": [{"line", "column", "path", "message", "fix"}]}
nlohmann::json issues_json(const DefinitionError& error);

}  // namespace checkerlab::sweeps
