#include "worker/verbs/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "worker/verbs/terminal_observer.hpp"

namespace checkerlab::worker {
namespace {

using testing::HasSubstr;

struct Ran {
  int code = 0;
  std::string out, err;
};

Ran ran(const std::vector<std::string>& arguments, bool stop_asked = false) {
  std::ostringstream out, err;
  const std::atomic<bool> stop{stop_asked};
  Ran result;
  result.code = run_model_program(arguments, {out, err, false, stop});
  result.out = out.str();
  result.err = err.str();
  return result;
}

TEST(ModelProgram, HelpNamesEveryVerb) {
  const Ran help = ran({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("devices"));
  EXPECT_EQ(ran({}).out, help.out);
}

TEST(ModelProgram, AnUnknownVerbIsWrongUsageWithASuggestion) {
  const Ran result = ran({"devics"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("Did you mean 'devices'?"));
}

TEST(ModelProgram, WrongUsageNamesTheHelpOfTheVerb) {
  const Ran result = ran({"devices", "--nonsense"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("See: checkerlab model devices --help"));
}

TEST(ModelProgram, ErrorsAreJsonWhereJsonIsAskedFor) {
  const Ran result = ran({"devices", "--nonsense", "--json"});
  EXPECT_EQ(nlohmann::json::parse(result.err).at("error").at("code"), "invalid_argument");
}

TEST(ModelProgram, DevicesListsTheProcessor) {
  const Ran result = ran({"devices", "--json"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(nlohmann::json::parse(result.out).at(0).at("device"), "cpu");
}

TEST(TerminalObserver, WarningsAppearAndTheWishToStopIsPassedOn) {
  std::ostringstream err;
  std::atomic<bool> stop{false};
  TerminalObserver observer(err, false, stop);
  observer.log(model::LogLevel::warning, "odd");
  EXPECT_EQ(err.str(), "warning: odd\n");
  EXPECT_FALSE(observer.cancelled());
  stop = true;
  EXPECT_TRUE(observer.cancelled());
}

}  // namespace
}  // namespace checkerlab::worker
