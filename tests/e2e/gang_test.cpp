// One training over two workers through the real coordinator: kill -9 of one of them in the middle, and the study
// completes with the model that one worker makes alone.
#include <gtest/gtest.h>
#include <signal.h>

#include <optional>

#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

using rpc::Json;
using namespace std::chrono_literals;

constexpr const char* kModel =
    "select a.sha256 from job_artifacts a join jobs j on j.number = a.job where j.kind = 'train_model' and a.name = "
    "'model'";
constexpr const char* kAttempts =
    "select count(*) from attempts a join jobs j on j.number = a.job where j.kind = 'train_model'";
constexpr const char* kTogether = "select count(*) from logs where text = '2 ranks are together'";

// A second worker of the stack.
class SecondWorker {
 public:
  explicit SecondWorker(const Stack& stack)
      : child_(start({program("checkerlab-worker"), "--data", stack.data().string(), "--name", "second", "--device",
                      "cpu", "--cache", (stack.data() / "second").string()},
                     stack.data() / "second.out", stack.data() / "second.err")) {}
  ~SecondWorker() { kill(); }
  SecondWorker(const SecondWorker&) = delete;
  SecondWorker& operator=(const SecondWorker&) = delete;

  void kill() {
    child_.signal_group(SIGKILL);
    child_.wait(10s);
  }
  bool ended() { return child_.wait(0ms).has_value(); }

 private:
  ChildProcess child_;
};

void submit(const Stack& stack) {
  const Finished submitted = stack.cli({"submit", e2e_file("gang.yaml")});
  ASSERT_TRUE(submitted.status.ok()) << submitted.err;
}

void expect_completed(const Stack& stack) {
  const Finished watched = stack.cli({"watch", "gang"});
  ASSERT_TRUE(watched.status.ok()) << watched.out << watched.err << read_file(stack.data() / "worker.err")
                                   << read_file(stack.data() / "coordinator.err");
  EXPECT_EQ(stack.query("select count(*) from results"), stack.query("select count(*) from jobs"));
}

// The model that one worker makes alone.
const Json& model_of_one() {
  static const Json model = [] {
    Stack stack;
    stack.start_coordinator();
    stack.start_worker();
    submit(stack);
    expect_completed(stack);
    EXPECT_EQ(stack.query(kTogether), 0);
    return stack.query(kModel);
  }();
  return model;
}

void wait_for_some_steps(const Stack& stack) {
  Json training;  // its key
  stack.wait_for([&](const Json& event) {
    if (event.at("type") == "job" && event.at("job").at("kind") == "train_model") training = event.at("job").at("key");
    return event.at("type") == "progress" && event.at("key") == training &&
           event.at("progress").at("done").get<int>() >= 5;
  });
}

class GangOverTheCoordinator : public testing::Test {
 protected:
  GangOverTheCoordinator() {
    stack_.start_coordinator();
    stack_.start_worker();
    second_.emplace(stack_);
    submit(stack_);
  }

  Stack stack_;
  std::optional<SecondWorker> second_;
};

TEST_F(GangOverTheCoordinator, TwoWorkersMakeTheModelOfOne) {
  expect_completed(stack_);
  EXPECT_EQ(stack_.query(kTogether), 2) << "each rank says so once";
  EXPECT_EQ(stack_.query(kModel), model_of_one());
  EXPECT_FALSE(second_->ended());
}

TEST_F(GangOverTheCoordinator, WhenAWorkerIsKilledTheOtherOneGoesOnAloneToTheSameModel) {
  wait_for_some_steps(stack_);
  second_->kill();
  expect_completed(stack_);
  EXPECT_GE(stack_.query(kTogether).get<int>(), 2);
  EXPECT_GE(stack_.query(kAttempts).get<int>(), 2);
  EXPECT_EQ(stack_.query(kModel), model_of_one());
}

TEST_F(GangOverTheCoordinator, WhenARunnerIsKilledBothGoOnTogether) {
  wait_for_some_steps(stack_);
  stack_.kill_runner();
  expect_completed(stack_);
  EXPECT_EQ(stack_.query(kModel), model_of_one());
}

}  // namespace
}  // namespace checkerlab::e2e
