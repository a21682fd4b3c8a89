// kill -9 of every process at several moments of a study: it completes, and every key is computed and recorded once.
#include <gtest/gtest.h>

#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

using rpc::Json;

struct Moment {
  std::string victim;
  std::string kind;  // the kill comes when the first job of this kind runs
};

std::ostream& operator<<(std::ostream& out, const Moment& moment) {
  return out << moment.victim << "_in_" << moment.kind;
}

class KillNine : public ::testing::TestWithParam<Moment> {};

bool runs(const Json& event, const std::string& kind) {
  return event.at("type") == "job" && event.at("job").at("kind") == kind && event.at("job").at("state") == "running";
}

void kill_and_restart(Stack& stack, const std::string& victim) {
  if (victim == "coordinator") {
    stack.kill_coordinator();
    stack.start_coordinator();
  } else if (victim == "worker") {
    stack.kill_worker();
    stack.start_worker();
  } else if (victim == "runner") {
    stack.kill_runner();
  } else {
    stack.kill_worker();
    stack.kill_coordinator();
    stack.start_coordinator();
    stack.start_worker();
  }
}

TEST_P(KillNine, TheStudyCompletesWithEveryKeyOnce) {
  Stack stack;
  stack.start_coordinator();
  stack.start_worker();
  const Finished submitted = stack.cli({"submit", e2e_file("tiny.yaml"), "--json"});
  ASSERT_TRUE(submitted.status.ok()) << submitted.err;
  const auto jobs = Json::parse(submitted.out).at("jobs_total").get<int>();

  stack.wait_for([&](const Json& event) { return runs(event, GetParam().kind); });
  kill_and_restart(stack, GetParam().victim);

  const Finished watched = stack.cli({"watch", "tiny"});
  ASSERT_TRUE(watched.status.ok()) << watched.status.text() << watched.out << watched.err
                                   << read_file(stack.data() / "worker.err")
                                   << read_file(stack.data() / "coordinator.err");
  EXPECT_EQ(stack.query("select count(*) from results"), jobs);
  EXPECT_EQ(stack.query("select count(distinct job) from results"), jobs);
  EXPECT_EQ(stack.query("select count(*) from attempts where state = 'succeeded'"), jobs);
  EXPECT_EQ(stack.query("select count(*) from measurements where metric = 'fid'"), 8);
}

INSTANTIATE_TEST_SUITE_P(Moments, KillNine,
                         ::testing::Values(Moment{"coordinator", "train_tokenizer"},
                                           Moment{"coordinator", "evaluate_shard"}, Moment{"worker", "train_model"},
                                           Moment{"runner", "train_model"}, Moment{"runner", "evaluate_shard"},
                                           Moment{"both", "score_point"}),
                         [](const auto& moment) { return moment.param.victim + "_in_" + moment.param.kind; });

}  // namespace
}  // namespace checkerlab::e2e
