#include "tests/simulation/sweep.hpp"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/simulation/process/server.hpp"
#include "tests/simulation/schedule/shrink.hpp"

namespace checkerlab::simulation {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kProgressEvery = 500;

class Sweep {
 public:
  Sweep(const SweepOptions& options, const Plant& plant, const std::function<void(std::uint64_t)>& progress)
      : options_(options), plant_(plant), progress_(progress), next_(options.first_seed) {}

  SweepReport run() {
    empty_database();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(options_.threads, 1U); ++i)
      threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads)
      thread.join();
    report_.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    return std::move(report_);
  }

 private:
  void work() {
    while (const auto seed = take()) {
      RunReport outcome = simulation::run(make_schedule(*seed), plant_);
      keep(*seed, outcome);
    }
  }

  std::optional<std::uint64_t> take() {
    const std::lock_guard lock(mutex_);
    const bool enough = options_.seeds > 0 && next_ >= options_.first_seed + options_.seeds;
    const bool late = options_.time && Clock::now() - begin_ >= *options_.time;
    if (enough || late || report_.failure) return std::nullopt;
    return next_++;
  }

  void keep(std::uint64_t seed, const RunReport& outcome) {
    const std::lock_guard lock(mutex_);
    ++report_.seeds;
    for (const auto& [what, often] : outcome.tally)
      report_.tally[what] += often;
    if (!outcome.problem.empty() && (!report_.failure || seed < report_.failure->seed))
      report_.failure = Failure{seed, outcome.problem};
    if (progress_ && report_.seeds % kProgressEvery == 0) progress_(report_.seeds);
  }

  const SweepOptions& options_;
  const Plant& plant_;
  const std::function<void(std::uint64_t)>& progress_;
  const Clock::time_point begin_ = Clock::now();
  std::mutex mutex_;
  std::uint64_t next_;
  SweepReport report_;
};

// The words of a problem without numbers and keys: the same problem may strike another job.
std::string kind_of(const std::string& problem) {
  std::istringstream words(problem);
  std::string kind;
  std::string word;
  while (words >> word) {
    const bool named = std::any_of(word.begin(), word.end(), [](unsigned char letter) { return std::isdigit(letter); });
    if (!named) kind += word + " ";
  }
  return kind;
}

}  // namespace

SweepReport sweep(const SweepOptions& options, const Plant& plant, const std::function<void(std::uint64_t)>& progress) {
  return Sweep(options, plant, progress).run();
}

Shortest shorten(const Schedule& schedule, const Plant& plant) {
  const RunReport first = run(schedule, plant);
  Schedule candidate = schedule;
  candidate.operations.resize(std::min(candidate.operations.size(), first.operations));
  const std::string kind = kind_of(first.problem);
  Schedule shortest = shrink(std::move(candidate), [&](const Schedule& shorter) {
    const RunReport report = run(shorter, plant);
    return !report.problem.empty() && kind_of(report.problem) == kind;
  });
  RunReport report = run(shortest, plant, true);
  return {std::move(shortest), std::move(report)};
}

}  // namespace checkerlab::simulation
