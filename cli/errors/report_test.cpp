#include "cli/errors/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "sweeps/issue_text.hpp"

namespace checkerlab::cli {
namespace {

TEST(Report, ARefusedDefinitionShowsItsLines) {
  std::ostringstream out;
  Console console{.out = out, .err = out};
  const sweeps::DefinitionError error("a.yaml", {{1, 1, "x", "unknown key", ""}});
  report(console, sweeps::DefinitionRefused(error, "x: 1\n"), false);
  EXPECT_EQ(out.str(), "error: a.yaml:1:1: x: unknown key\n  1 | x: 1\n    | ^\n");
}

TEST(Report, AFixOfSeveralLinesIsIndented) {
  std::ostringstream out;
  Console console{.out = out, .err = out};
  report(console, Error(ErrorCode::io_error, "what", "one\ntwo"), false);
  EXPECT_EQ(out.str(), "error: what\n  fix: one\n  two\n");
}

TEST(Report, JsonSurvivesBytesThatAreNoUtf8) {
  std::ostringstream out;
  Console console{.out = out, .err = out};
  report(console, Error(ErrorCode::not_found, "file \xFF"), true);
  EXPECT_EQ(nlohmann::json::parse(out.str()).at("error").at("code"), "not_found");
}

}  // namespace
}  // namespace checkerlab::cli
