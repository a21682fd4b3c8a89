// What people are shown while processes die and the network breaks is true throughout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/chaos/lab.hpp"
#include "tests/chaos/proxy.hpp"
#include "tests/chaos/trouble.hpp"
#include "tests/chaos/watcher.hpp"

namespace checkerlab::chaos {
namespace {

constexpr std::int64_t kJobs = 200;  // of a study

TEST(Chaos, ThePageTellsTheTruthThroughout) {
  Lab lab;
  lab.start_coordinator();
  Proxy proxy(lab.port());
  for (std::size_t i = 0; i < 2; ++i)
    lab.start_worker(i, lab.port());
  auto endpoint = lab.endpoint();
  endpoint.port = proxy.port();
  Watcher watcher(endpoint, lab.database());
  Trouble trouble(3);
  std::int64_t jobs = 0;
  for (int round = 0; round < rounds(); ++round) {
    lab.submit("truth " + std::to_string(round), kJobs);
    jobs += kJobs;
    lab.go_on(jobs, trouble.pick(kJobs));
    const auto victim = static_cast<std::size_t>(trouble.pick(2));
    switch (trouble.pick(4)) {
      case 0:
        lab.restart_coordinator();
        break;
      case 1:
        lab.restart_worker(victim, lab.port());
        break;
      case 2:
        lab.kill_runner(victim);
        proxy.delay(std::chrono::milliseconds(trouble.pick(20)));
        break;
      default:
        proxy.cut_all();
    }
  }
  proxy.delay(std::chrono::milliseconds(0));
  lab.expect_exactly(jobs);
  EXPECT_THAT(watcher.finish(static_cast<std::size_t>(rounds())), testing::IsEmpty());
  EXPECT_GT(watcher.events(), static_cast<std::uint64_t>(rounds()));
  EXPECT_GT(watcher.documents(), static_cast<std::uint64_t>(rounds()));
}

}  // namespace
}  // namespace checkerlab::chaos
