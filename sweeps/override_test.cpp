// --set path=value
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::issue_of;
using testing::issues_of;
using testing::repository_file;
using testing::study;

const std::string& text() {
  static const std::string yaml = repository_file("sweeps/testing/study.yaml");
  return yaml;
}

TEST(Override, ValuesAreTypedAsInYaml) {
  const auto changed = study({"model.train.steps=7", "model.train.lr=5e-4", "title=x y", "sweep.ratios=[3, single]"});
  EXPECT_EQ(changed.model.train.steps, 7);
  EXPECT_DOUBLE_EQ(changed.model.train.lr, 5e-4);
  EXPECT_EQ(changed.title, "x y");
  ASSERT_EQ(changed.sweep.ratios.size(), 2u);
  EXPECT_EQ(changed.sweep.ratios[0].text, "3");
}

TEST(Override, ListsTakeIndices) {
  EXPECT_EQ(study({"sweep.steps_per_scale.3=16"}).sweep.steps_per_scale, (std::vector<int>{1, 2, 4, 16}));
}

TEST(Override, OptionalKeysMayBeAdded) {
  EXPECT_EQ(study({"evaluation.batch=32"}).evaluation.batch, 32);
}

TEST(Override, LaterOnesWin) {
  EXPECT_EQ(study({"seed=1", "seed=2"}).seed, 2);
}

TEST(Override, AValueMayHoldAnEqualsSign) {
  EXPECT_EQ(study({"title=a=b"}).title, "a=b");
}

TEST(Override, UnknownPathsHaveASuggestion) {
  const auto issue = issue_of(text(), {"model.train.step=7"});
  EXPECT_EQ(issue.line, 0);
  EXPECT_EQ(issue.message, "--set 'model.train.step=7': unknown key 'step'; did you mean 'steps'?");
  EXPECT_EQ(issue_of(text(), {"modell.layers=7"}).message,
            "--set 'modell.layers=7': unknown key 'modell'; did you mean 'model'?");
}

TEST(Override, WrongValuesNameTheOverride) {
  EXPECT_EQ(issue_of(text(), {"model.layers=many"}).message,
            "--set 'model.layers=many': must be a whole number, found the text 'many'");
  EXPECT_EQ(issue_of(text(), {"sweep.ratios=[2, 0.5]"}).message,
            "--set 'sweep.ratios=[2, 0.5]': not a scale ratio: must be greater than 1, found 0.5");
}

TEST(Override, MalformedOnesSayHowToWriteThem) {
  for (const char* bad : {"model.layers", "=3", "model..layers=3", ".=1", "title=[1"})
    EXPECT_FALSE(issues_of(text(), {bad}).empty()) << bad;
  EXPECT_THAT(issue_of(text(), {"model.layers"}).fix, HasSubstr("--set path=value"));
}

TEST(Override, PlacesThatCannotBeAreRefused) {
  EXPECT_THAT(issue_of(text(), {"sweep.ratios.9=3"}).message, HasSubstr("'sweep.ratios' is a list of 4"));
  EXPECT_THAT(issue_of(text(), {"seed.deep=3"}).message, HasSubstr("'seed' is one value"));
}

TEST(Override, ABadOneLeavesTheOthersInForce) {
  const auto issues = issues_of(text(), {"model.layers=0", "sweep.ratios.9=3", "model.width=97"});
  ASSERT_EQ(issues.size(), 3u);
}

}  // namespace
}  // namespace checkerlab::sweeps
