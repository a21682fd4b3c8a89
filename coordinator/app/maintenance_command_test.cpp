#include "coordinator/app/maintenance_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/maintenance/testing/lab.hpp"

namespace checkerlab::coordinator {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  std::optional<int> code;
  std::string out;
  std::string err;
};

Outcome run(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"checkerlab-coordinator"};
  for (const auto& argument : arguments)
    argv.push_back(argument.c_str());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const auto code = run_maintenance(static_cast<int>(argv.size()), argv.data());
  return {code, ::testing::internal::GetCapturedStdout(), ::testing::internal::GetCapturedStderr()};
}

TEST(MaintenanceCommand, LeavesEverythingElseToTheServer) {
  EXPECT_FALSE(run({}).code.has_value());
  EXPECT_FALSE(run({"--data", "x"}).code.has_value());
}

TEST(MaintenanceCommand, BacksUpVerifiesRestoresAndCollects) {
  const testing::Lab lab;
  const std::string data = lab.data().string();
  const std::string to = (lab.folder() / "backup").string();
  EXPECT_THAT(run({"backup", "--data", data, "--to", to}).out, HasSubstr("artifacts, "));
  EXPECT_EQ(run({"verify", "--data", data}).code, 0);
  const Outcome verified = run({"verify", "--backup", to, "--json"});
  EXPECT_EQ(nlohmann::json::parse(verified.out).at("sound"), true);
  EXPECT_EQ(run({"restore", "--from", to, "--data", (lab.folder() / "back").string()}).code, 0);
  const Outcome told = run({"gc", "--data", data});
  EXPECT_THAT(told.out, HasSubstr("nothing was touched; --delete removes them"));
  EXPECT_THAT(run({"gc", "--data", data, "--delete"}).out, HasSubstr("removed 1 files"));
}

TEST(MaintenanceCommand, ExitCodesTellDamageFromMistakes) {
  const testing::Lab lab;
  testing::flip_bit(lab.path_of(lab.model()), 0);
  const Outcome damaged = run({"verify", "--data", lab.data().string()});
  EXPECT_EQ(damaged.code, 3);
  EXPECT_THAT(damaged.out, HasSubstr("DAMAGED"));
  const Outcome nowhere = run({"verify", "--data", "/nowhere"});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("error: /nowhere holds no database"));
  EXPECT_EQ(run({"backup", "--data", lab.data().string()}).code, 2);
  EXPECT_EQ(run({"gc", "--delete", "--dry-run"}).code, 2);
  EXPECT_EQ(run({"verify", "--snapshot", "x"}).code, 2);
  for (const char* command : {"backup", "restore", "verify", "gc"}) {
    const Outcome help = run({command, "--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("Examples:"));
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
