// Jobs that several workers do together, through the whole coordinator: what each is told, what is shown, and that a
// restart forgets no rank.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/service/testing/fixture.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using ::testing::ElementsAre;
using testing::FakeWorker;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct GangOfThree {
  GangOfThree() {
    for (const char* instance : {"a", "b", "c"})
      workers.push_back(bench.connect(instance));
    bench.submit_noop("n", 1, "ok", {2, 3});
    attempt = workers[0].link->assignments().at(0).attempt;
  }
  Json job() { return bench.reads->jobs({}, {}).at("items").at(0); }
  rpc::GangListening listening() const { return {attempt, "10.0.0.7", 4'000}; }

  Bench bench;
  std::vector<FakeWorker> workers;
  rpc::AttemptRef attempt;
};

TEST(Gangs, EachIsToldItsPlace) {
  GangOfThree gang;
  std::string secret;
  for (int rank = 0; rank < 3; ++rank) {
    const rpc::Assignment job = gang.workers[rank].link->assignments().at(0);
    ASSERT_TRUE(job.gang);
    EXPECT_EQ(job.gang->rank, rank);
    EXPECT_EQ(job.gang->size, 3);
    if (rank == 0) secret = job.gang->secret;
    EXPECT_EQ(job.gang->secret, secret);
  }
  EXPECT_GE(secret.size(), 32U);
  EXPECT_THAT(gang.job().at("workers"), ElementsAre("tester", "tester", "tester"));
  const Json workers = gang.bench.reads->workers();
  for (const auto& worker : workers.at("items"))
    EXPECT_EQ(worker.at("running").size(), 1U);
}

TEST(Gangs, EveryAttemptHasASecretOfItsOwn) {
  GangOfThree gang;
  const std::string secret = gang.workers[0].link->assignments().at(0).gang->secret;
  for (const FakeWorker& worker : gang.workers)
    gang.bench.tell(worker, {Bench::failure(gang.attempt, "preempted", true)});
  gang.bench.connect("d");
  const FakeWorker last = gang.bench.connect("e");
  EXPECT_NE(last.link->assignments().at(0).gang->secret, secret);
}

TEST(Gangs, OnlyTheLeadersAddressIsPassedOn) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[1], {gang.listening()});
  EXPECT_THAT(gang.workers[2].link->all<rpc::GangAddress>(), IsEmpty());
  gang.bench.tell(gang.workers[0], {gang.listening()});
  EXPECT_THAT(gang.workers[0].link->all<rpc::GangAddress>(), IsEmpty());
  for (int rank = 1; rank < 3; ++rank) {
    const auto told = gang.workers[rank].link->all<rpc::GangAddress>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().host, "10.0.0.7");
    EXPECT_EQ(told.front().port, 4'000);
  }
}

TEST(Gangs, WhoComesBackIsToldTheAddressAfterItsWelcome) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[0], {gang.listening()});
  const FakeWorker again = gang.bench.connect("c", 1, {gang.attempt});
  ASSERT_EQ(again.link->messages.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<rpc::Welcome>(again.link->messages[0]));
  EXPECT_TRUE(std::holds_alternative<rpc::GangAddress>(again.link->messages[1]));
}

TEST(Gangs, TheLeadersResultIsRecordedAndTheOthersAreAccepted) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[0], {rpc::AttemptStarted{gang.attempt}});
  for (const int rank : {2, 0, 1})
    gang.bench.tell(gang.workers[rank], {Bench::success(gang.attempt)});
  EXPECT_EQ(gang.job().at("state"), "succeeded");
  EXPECT_EQ(gang.bench.number("SELECT COUNT(*) FROM results"), 1);
  EXPECT_EQ(gang.bench.number("SELECT COUNT(*) FROM attempt_ranks WHERE ended_at IS NULL"), 0);
  for (const FakeWorker& worker : gang.workers)
    EXPECT_TRUE(worker.link->acks().at(0).accepted);
  const Json workers = gang.bench.reads->workers();
  for (const auto& worker : workers.at("items"))
    EXPECT_THAT(worker.at("running"), IsEmpty());
}

TEST(Gangs, ARankThatFailsIsNamed) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[2], {Bench::failure(gang.attempt, "invalid_data", false)});
  EXPECT_EQ(gang.job().at("state"), "failed");
  EXPECT_THAT(gang.job().at("error").at("message").get<std::string>(), HasSubstr("rank 2 of 3"));
  for (int rank = 0; rank < 2; ++rank)
    EXPECT_EQ(gang.workers[rank].link->all<rpc::Cancel>().size(), 1U);
}

TEST(Gangs, ARankThatMissesTheOthersIsNotToBlame) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[0], {Bench::failure(gang.attempt, "rank_gone", true)});
  EXPECT_EQ(gang.job().at("crashes"), 0);
  EXPECT_EQ(gang.job().at("losses"), 1);
  const Json attempts = gang.bench.reads->job(gang.attempt.key.str()).at("attempts");
  EXPECT_EQ(attempts.at(0).at("state"), "lost");
  EXPECT_EQ(attempts.at(0).at("error").at("code"), "rank_gone");
}

TEST(Gangs, ARestartKnowsEveryRank) {
  GangOfThree gang;
  gang.bench.tell(gang.workers[1], {Bench::success(gang.attempt)});
  gang.bench.restart();
  FakeWorker leader = gang.bench.connect("a", 1, {gang.attempt});
  const FakeWorker done = gang.bench.connect("b");
  const FakeWorker third = gang.bench.connect("c", 1, {gang.attempt});
  EXPECT_EQ(gang.job().at("state"), "running");
  gang.bench.tell(leader, {gang.listening()});
  EXPECT_EQ(third.link->all<rpc::GangAddress>().size(), 1U);
  gang.bench.tell(leader, {Bench::success(gang.attempt)});
  EXPECT_EQ(gang.job().at("state"), "succeeded");
}

TEST(Gangs, ARankThatIsNotHeldAfterARestartEndsTheAttempt) {
  GangOfThree gang;
  gang.bench.restart();
  const FakeWorker leader = gang.bench.connect("a", 1, {gang.attempt});
  const FakeWorker second = gang.bench.connect("b");
  EXPECT_EQ(leader.link->all<rpc::Cancel>().size(), 1U);
  EXPECT_EQ(gang.bench.number("SELECT COUNT(*) FROM attempts WHERE state = 'lost'"), 1);
}

}  // namespace
}  // namespace checkerlab::coordinator
