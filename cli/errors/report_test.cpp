#include "cli/errors/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace checkerlab::cli {
namespace {

using sweeps::DefinitionError;

TEST(Report, ShowsTheLineAndACaretUnderTheColumn) {
  const DefinitionError error("a.yaml", {{2, 4, "model.layrs", "unknown key", "Did you mean 'layers'?"}});
  EXPECT_EQ(describe_issues(error, "x: 1\n\ty layrs: 3\r\n"),
            "error: a.yaml:2:4: model.layrs: unknown key\n"
            "  2 | \ty layrs: 3\n"
            "    | \t  ^\n"
            "  fix: Did you mean 'layers'?\n");
}

TEST(Report, AnOverrideHasNoLine) {
  const DefinitionError error("a.yaml", {{0, 0, "seed", "--set seed=x: no number", ""}});
  EXPECT_EQ(describe_issues(error, ""), "error: a.yaml: seed: --set seed=x: no number\n");
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
