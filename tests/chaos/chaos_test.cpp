// The real programs while processes die, the network breaks and the disk refuses: then exactly the expected results and
// no more. The choices are seeded; the moments are those of a real machine. CHECKERLAB_CHAOS_ROUNDS=500 makes it last
// for minutes.
#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <fstream>

#include "tests/chaos/lab.hpp"
#include "tests/chaos/proxy.hpp"
#include "tests/chaos/trouble.hpp"

namespace checkerlab::chaos {
namespace {

constexpr std::int64_t kJobs = 2'000;
constexpr std::size_t kWorkers = 2;

TEST(Chaos, ProcessesAreKilledAtRandomMoments) {
  Lab lab;
  lab.start_coordinator();
  for (std::size_t i = 0; i < kWorkers; ++i)
    lab.start_worker(i, lab.port());
  Trouble trouble(1);
  std::int64_t jobs = 0;
  for (int round = 0; round < rounds(); ++round) {
    lab.submit("kills " + std::to_string(round), kJobs / 8);
    jobs += kJobs / 8;
    lab.go_on(jobs, trouble.pick(100));
    const auto victim = static_cast<std::size_t>(trouble.pick(kWorkers));
    switch (round % 4) {
      case 0:
        lab.restart_coordinator();
        break;
      case 1:
        lab.restart_worker(victim, lab.port());
        break;
      case 2:
        lab.kill_runner(victim);
        break;
      default:
        lab.kill_worker(victim);
        lab.kill_coordinator();
        lab.start_coordinator();
        lab.start_worker(victim, lab.port());
    }
  }
  lab.expect_exactly(jobs);
}

TEST(Chaos, TheNetworkCutsDelaysAndGarbles) {
  Lab lab;
  lab.start_coordinator();
  Proxy proxy(lab.port());
  for (std::size_t i = 0; i < kWorkers; ++i)
    lab.start_worker(i, proxy.port());
  Trouble trouble(2);
  std::int64_t jobs = 0;
  for (int round = 0; round < rounds(); ++round) {
    lab.submit("network " + std::to_string(round), kJobs / 8);
    jobs += kJobs / 8;
    proxy.delay(std::chrono::milliseconds(trouble.pick(20)));
    lab.go_on(jobs, trouble.pick(100));
    if (round % 2 == 0) {
      proxy.cut_all();
    } else {
      proxy.garble_all();
    }
  }
  proxy.delay(std::chrono::milliseconds(0));
  lab.expect_exactly(jobs);
  EXPECT_GT(proxy.connections(), kWorkers + static_cast<std::uint64_t>(rounds()) / 2);
}

TEST(Chaos, AWorkerStandsStillPastItsLease) {
  Lab lab;
  lab.start_coordinator();
  lab.start_worker(0, lab.port());
  lab.submit("slow", 200, "steps");
  lab.go_on(200, 5);
  lab.signal_worker(0, SIGSTOP);
  const auto lost = [&] { return lab.number("select count(*) from attempts where state = 'lost'"); };
  EXPECT_TRUE(lab.wait_until([&] { return lost() > 0; })) << lab.errors();
  lab.start_worker(1, lab.port());
  lab.go_on(200, 20);
  lab.signal_worker(0, SIGCONT);
  lab.expect_exactly(200);
}

class RefusedWrites : public ::testing::TestWithParam<int> {};

TEST_P(RefusedWrites, CostNothing) {
  const TemporaryFolder folder;
  const std::string control = (folder.path() / "fail").string();
  Lab lab({{"LD_PRELOAD", std::string(CHECKERLAB_BIN_DIR) + "/libfailing_files.so"},
           {"CHECKERLAB_FAIL_WITH", control},
           {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  lab.start_coordinator();
  lab.start_worker(0, lab.port());
  std::int64_t jobs = 0;
  for (int round = 0; round < 3; ++round) {
    lab.submit("disk " + std::to_string(round), kJobs / 4);
    jobs += kJobs / 4;
    lab.go_on(jobs, 50);
    std::ofstream(control) << GetParam() << '\n';
    EXPECT_TRUE(lab.wait_until([&] { return !lab.try_submit("refused", 1); })) << lab.errors();
    std::filesystem::remove(control);
    // Nothing of what was refused is there: neither the study nor its job.
    EXPECT_EQ(lab.number("select count(*) from studies where name = 'refused'"), 0);
  }
  lab.expect_exactly(jobs);
}

INSTANTIATE_TEST_SUITE_P(Errors, RefusedWrites, ::testing::Values(ENOSPC, EIO),
                         [](const auto& error) { return error.param == ENOSPC ? "Full" : "InputOutput"; });

}  // namespace
}  // namespace checkerlab::chaos
