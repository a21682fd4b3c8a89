#include "sweeps/issue_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace checkerlab::sweeps {
namespace {

TEST(IssueText, ShowsTheLineAndACaretUnderTheColumn) {
  const DefinitionError error("a.yaml", {{2, 4, "model.layrs", "unknown key", "Did you mean 'layers'?"}});
  EXPECT_EQ(issues_text(error, "x: 1\n\ty layrs: 3\r\n"),
            "error: a.yaml:2:4: model.layrs: unknown key\n"
            "  2 | \ty layrs: 3\n"
            "    | \t  ^\n"
            "  fix: Did you mean 'layers'?\n");
}

TEST(IssueText, AnOverrideHasNoLine) {
  const DefinitionError error("a.yaml", {{0, 0, "seed", "--set seed=x: no number", ""}});
  EXPECT_EQ(issues_text(error, ""), "error: a.yaml: seed: --set seed=x: no number\n");
}

TEST(IssueText, JsonNamesThePlace) {
  const DefinitionError error("a.yaml", {{2, 4, "model.layrs", "unknown key", ""}});
  const auto json = issues_json(error);
  EXPECT_EQ(json.at("filename"), "a.yaml");
  EXPECT_EQ(json.at("issues").at(0).at("line"), 2);
}

}  // namespace
}  // namespace checkerlab::sweeps
