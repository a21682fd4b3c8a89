#include "cli/run/outcome.hpp"

#include <gmock/gmock.h>

namespace checkerlab::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

Json failed_job(const std::string& key) {
  return {{"kind", "train_model"},
          {"label", "model, ratio 2"},
          {"key", key},
          {"error", {{"message", "the loss is not finite"}, {"fix", "Lower the learning rate"}}}};
}

TEST(FailuresText, TellsTheErrorItsFixAndTheCommandForMore) {
  const auto text = failures_text(Json::array({failed_job("0123456789abcdef0123")}), "checkerlab --data /lab");
  EXPECT_THAT(text, HasSubstr("failed: train_model (model, ratio 2)\n  the loss is not finite\n"));
  EXPECT_THAT(text, HasSubstr("  fix: Lower the learning rate\n"));
  EXPECT_THAT(text, HasSubstr("  more: checkerlab --data /lab logs 0123456789ab\n"));
}

TEST(FailuresText, ShowsAFewAndCountsTheRest) {
  Json jobs = Json::array();
  for (char digit = 'a'; digit <= 'g'; ++digit)
    jobs.push_back(failed_job(std::string(20, digit)));
  const auto text = failures_text(jobs, "checkerlab");
  EXPECT_THAT(text, HasSubstr("logs eeeeeeeeeeee\n"));
  EXPECT_THAT(text, Not(HasSubstr("ffffffffffff")));
  EXPECT_THAT(text, HasSubstr("and 2 more: checkerlab jobs --state failed\n"));
}

TEST(ContextProgram, LeadsToTheSameCoordinator) {
  std::ostringstream out, err;
  Console console{.out = out, .err = err};
  Context context{console, {}};
  EXPECT_EQ(context.program(), "checkerlab");
  context.options.data = "/lab";
  EXPECT_EQ(context.program(), "checkerlab --data /lab");
  context.options = {.url = "http://127.0.0.1:9"};
  EXPECT_EQ(context.program(), "checkerlab --url http://127.0.0.1:9");
}

}  // namespace
}  // namespace checkerlab::cli
