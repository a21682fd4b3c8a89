#include "cli/run/dry_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "sweeps/parse.hpp"

namespace checkerlab::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

sweeps::StudyDefinition study(const std::vector<std::string>& overrides) {
  const std::string text = SystemFiles().read(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/testing/study.yaml");
  return sweeps::parse_study(text, "study.yaml", overrides);
}

const std::vector<std::string> kSearch{"sweep.guidance={search: {from: 0, to: 3, step: 0.1, screen_samples: 250}}",
                                       "sweep.ratios=[2]", "sweep.steps_per_scale=[1, 4]"};

TEST(DryRun, OfASearchShowsItsFirstScreensAndWhatItComesToAtMost) {
  const auto search = study(kSearch);
  const auto plan = sweeps::plan_study(search);
  const std::string text = dry_run_text(search, plan, std::nullopt);
  EXPECT_THAT(text, HasSubstr("tiny: 18 screens of 1 models, 4,500 images to sample"));
  EXPECT_THAT(text, HasSubstr("At most 62 points and 31,000 images, which is the whole grid.\n"));
  EXPECT_THAT(text, HasSubstr("2.8     0  250\n"));
  const auto json = dry_run_json(search, plan, std::nullopt);
  EXPECT_EQ(json["points"].size(), 0U);
  EXPECT_EQ(json["screens"].size(), 18U);
  EXPECT_EQ(json["points_at_most"], 62);
  EXPECT_EQ(json["images_at_most"], 31'000);
}

TEST(DryRun, OfAListHasNoScreens) {
  const auto list = study({});
  const auto plan = sweeps::plan_study(list);
  EXPECT_THAT(dry_run_text(list, plan, std::nullopt), Not(HasSubstr("search")));
  EXPECT_EQ(dry_run_json(list, plan, std::nullopt)["points_at_most"], 48);
}

}  // namespace
}  // namespace checkerlab::cli
