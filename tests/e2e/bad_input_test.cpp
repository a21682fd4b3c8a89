// What people get wrong: one clear message that names what, where and what to do, the exit code scripts rely on, and
// nothing half-written.
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

class BadInput : public ::testing::Test {
 protected:
  Finished run_with(const std::string& setting) {
    return run(
        {program("checkerlab"), "run", e2e_file("tiny.yaml"), "--data", folder_.path().string(), "--set", setting});
  }
  void expect_refused(const std::string& setting, const std::vector<std::string>& words) {
    const Finished answer = run_with(setting);
    EXPECT_EQ(answer.status.text(), "exit code 1") << setting << "\n" << answer.err;
    for (const auto& word : words)
      EXPECT_NE(answer.err.find(word), std::string::npos) << "no '" << word << "' in: " << answer.err;
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "checkerlab.db"))
        << "something was started for a bad definition";
  }
  TemporaryFolder folder_{"checkerlab-bad"};
};

TEST_F(BadInput, UnknownKeyIsNamedWithASuggestion) {
  expect_refused("sweep.guidence=[0]", {"guidence", "guidance"});
}
TEST_F(BadInput, RatioOfOneOrLess) {
  expect_refused("sweep.ratios=[1]", {"ratio"});
}
TEST_F(BadInput, ZeroSteps) {
  expect_refused("sweep.steps_per_scale=[0]", {"steps_per_scale"});
}
TEST_F(BadInput, TooFewSamples) {
  expect_refused("evaluation.samples=10", {"samples", "20"});
}
TEST_F(BadInput, StudyTooLarge) {
  expect_refused(
      "evaluation={samples: 10000000, shard_size: 1, guidance_start_step: 0, temperature: 1, seeds: [0], "
      "precision: fp32, reference: train, metrics: [fid]}",
      {"too large", "at most 1000000"});
}
TEST_F(BadInput, MissingDataSet) {
  expect_refused(
      "dataset={kind: files, path: /nowhere/images, size: 8, classes: 2, max_corrupt: 0, limit_per_class: 0}",
      {"/nowhere/images"});
}

TEST_F(BadInput, UnknownKeyInAFileIsShownWithLineAndColumn) {
  const auto file = folder_.path() / "study.yaml";
  std::ofstream(file) << "schema: 1\nname: x\nsweeep: {}\n";
  const Finished answer = run({program("checkerlab"), "run", file.string(), "--data", folder_.path().string()});
  EXPECT_EQ(answer.status.code, 1);
  EXPECT_NE(answer.err.find("study.yaml:3:1"), std::string::npos) << answer.err;
  EXPECT_NE(answer.err.find("sweep"), std::string::npos) << answer.err;
}

TEST_F(BadInput, CorruptImagesBeyondTheLimitFailTheStudyByName) {
  const auto images = folder_.path() / "images";
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directories(images / name);
    for (int i = 0; i < 3; ++i)
      std::ofstream(images / name / (std::to_string(i) + ".png")) << "not a picture";
  }
  const Finished answer = run_with("dataset={kind: files, path: " + images.string() +
                                   ", size: 8, classes: 2, max_corrupt: 2, limit_per_class: 0}");
  EXPECT_EQ(answer.status.code, 2) << answer.out << answer.err;
  const std::string said = answer.out + answer.err;
  EXPECT_NE(said.find(".png"), std::string::npos) << said;
  EXPECT_NE(said.find("corrupt"), std::string::npos) << said;
}

TEST_F(BadInput, NoCoordinator) {
  const Finished answer = run({program("checkerlab"), "status", "--data", folder_.path().string()});
  EXPECT_EQ(answer.status.code, 4) << answer.err;
  EXPECT_NE(answer.err.find("checkerlab-coordinator"), std::string::npos) << answer.err;
}

TEST_F(BadInput, PortInUseSecondCoordinatorAndWrongToken) {
  Stack stack;
  stack.start_coordinator();
  const std::string port = std::to_string(stack.client().endpoint().port);
  const Finished busy = run({program("checkerlab-coordinator"), "--data", (folder_.path() / "other").string(),
                             "--listen", "127.0.0.1:" + port});
  EXPECT_NE(busy.status.code, 0);
  EXPECT_NE(busy.err.find("in use"), std::string::npos) << busy.err;

  const Finished second =
      run({program("checkerlab-coordinator"), "--data", stack.data().string(), "--listen", "127.0.0.1:0"});
  EXPECT_NE(second.status.code, 0);
  EXPECT_NE(second.err.find(stack.data().string()), std::string::npos) << second.err;

  const Finished refused = run({program("checkerlab"), "status"}, std::chrono::seconds(60),
                               {{"CHECKERLAB_URL", "http://127.0.0.1:" + port}, {"CHECKERLAB_TOKEN", "wrong"}});
  EXPECT_EQ(refused.status.code, 4);
  EXPECT_NE(refused.err.find("token"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace checkerlab::e2e
