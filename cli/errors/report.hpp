// How errors are shown: one clear message on stderr that says what, where and what to do. Pure but for the stream
// written to.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "cli/console.hpp"
#include "sweeps/parse.hpp"

namespace checkerlab::cli {

// For people: "error: <message>" and, indented, "fix: <fix>". With `json`: one JSON document {"error": {code, message,
// fix}}.
void report(Console& console, const std::exception& exception, bool json);

// A definition that was refused, with the text it was read from so that the lines can be shown:
//   error: demo.yaml:12:3: model.layrs: unknown key
//    12 |   layrs: 3
//       |   ^
//     fix: …
class DefinitionRefused : public Error {
 public:
  DefinitionRefused(sweeps::DefinitionError error, std::string source);

  const sweeps::DefinitionError& cause() const { return cause_; }
  const std::string& source() const { return source_; }

 private:
  sweeps::DefinitionError cause_;
  std::string source_;
};

// All issues in the form shown above.
std::string describe_issues(const sweeps::DefinitionError& error, std::string_view source);

}  // namespace checkerlab::cli
