#include "cli/top/screen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text/text_width.hpp"
#include "cli/testing/fake_coordinator.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Json worker(const std::string& name, const Json& load) {
  return {{"id", name},        {"name", name},
          {"state", "online"}, {"device", {{"type", "cuda"}, {"name", "H200"}, {"memory_bytes", 1}, {"count", 1}}},
          {"slots", 4},        {"running", {{{"key", std::string(64, 'a')}, {"kind", "train_model"}}}},
          {"load", load},      {"running_total", 1}};
}

Json job(const std::string& label) {
  return {{"key", std::string(64, 'b')},
          {"kind", "train_model"},
          {"label", label},
          {"worker", "w"},
          {"progress", {{"done", 1}, {"total", 4}, {"unit", "steps"}, {"message", "step 1\x1b[2J"}}},
          {"started_at", "2026-01-01T00:00:00.000Z"}};
}

TopView view() {
  TopView view;
  view.studies.push_back(testing::study_document("running", 1, 3));
  view.workers.push_back(
      worker("w", {{{"index", 0}, {"busy", 0.5}, {"memory_used_bytes", 3e10}, {"memory_bytes", 8e10}}}));
  view.jobs.push_back(job("ratio 2"));
  view.now = "2026-01-01T00:02:05Z";
  return view;
}

TEST(TopScreen, ShowsStudiesWorkersAndJobs) {
  const auto lines = render_top(view(), {.columns = 200, .lines = 0});
  EXPECT_THAT(lines, Contains(HasSubstr("demo")));
  EXPECT_THAT(lines, Contains(HasSubstr("GPU 50 %, 30 GB of 80 GB")));
  EXPECT_THAT(lines, Contains(HasSubstr("2 min 05 s")));
  EXPECT_THAT(lines, Contains(HasSubstr("step 1 [2J")));  // what came from elsewhere cannot move the cursor
}

TEST(TopScreen, CountsTheSlotsInUseNotTheJobsThatWaitForOne) {
  TopView busy = view();
  busy.workers.front()["running_total"] = 204;
  EXPECT_THAT(render_top(busy, {.columns = 200, .lines = 0}), Contains(HasSubstr("4/4 slots")));
}

TEST(TopScreen, HidesWhatIsOverUnlessThereIsNothingElse) {
  TopView two = view();
  two.studies.push_back(testing::study_document("failed", 1, 3));
  two.studies.back()["name"] = "old";
  two.workers.push_back(worker("gone", nullptr));
  two.workers.back()["state"] = "offline";
  EXPECT_THAT(render_top(two, {.columns = 200, .lines = 0}), Not(Contains(HasSubstr("old"))));
  EXPECT_THAT(render_top(two, {.columns = 200, .lines = 0}), Not(Contains(HasSubstr("gone"))));
  two.studies.erase(two.studies.begin());
  EXPECT_THAT(render_top(two, {.columns = 200, .lines = 0}), Contains(HasSubstr("old")));
}

TEST(TopScreen, FitsEveryScreen) {
  TopView full = view();
  for (int i = 0; i < 40; ++i)
    full.jobs.push_back(job("job " + std::to_string(i)));
  for (const std::size_t height : {1U, 3U, 5U, 8U, 12U, 25U, 60U}) {
    const auto lines = render_top(full, {.columns = 50, .lines = height});
    EXPECT_LE(lines.size(), height);
    for (const auto& line : lines)
      EXPECT_LE(text_width(line), 50U) << line;
  }
  EXPECT_THAT(render_top(full, {.columns = 80, .lines = 20}), Contains(HasSubstr("… and 28 more")));
}

TEST(TopScreen, AnEmptyCoordinatorIsNotEmpty) {
  EXPECT_EQ(render_top({.now = "t"}, {.columns = 80, .lines = 0}),
            (std::vector<std::string>{"checkerlab top · t", "Studies (0)", "  none", "Workers (0)", "  none",
                                      "Running jobs (0)", "  none"}));
}

}  // namespace
}  // namespace checkerlab::cli
