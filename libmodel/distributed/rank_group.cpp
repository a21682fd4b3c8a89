#include "libmodel/distributed/rank_group.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>

#include "libmodel/distributed/rank_child.hpp"
#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 100;
constexpr const char* kAdvice = "Start it again: it goes on from the last checkpoint";

class Group {
 public:
  explicit Group(const RankGroupOptions& options) : options_(options) {
    auto sockets = make_rank_sockets(options.size);
    for (int rank = 0; rank < options.size; ++rank) {
      const RankSettings settings{
          .rank = rank, .size = options.size, .share_device = options.share_device, .timeout = options.timeout};
      children_.push_back(std::make_unique<RankChild>(
          options.command, settings, std::move(sockets[static_cast<std::size_t>(rank)]), options.on_line));
    }
  }

  void run() {
    while (!all([](const RankChild& child) { return child.ended(); })) {
      wait();
      for (auto& child : children_)
        child->read();
      note_first_failure();
      stop_if_asked();
      if (deadline_ && Clock::now() >= *deadline_) kill_rest();
    }
    if (stopped_) throw Error(ErrorCode::cancelled, "all ranks were stopped");
    if (first_) throw cause();
  }

 private:
  template <typename Predicate>
  bool all(const Predicate& predicate) const {
    return std::ranges::all_of(children_, [&](const auto& child) { return predicate(*child); });
  }

  void wait() {
    std::vector<pollfd> watched;
    for (const auto& child : children_) {
      watched.push_back({child->log_descriptor(), POLLIN, 0});
      watched.push_back({child->report_descriptor(), POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), kPollMilliseconds);
  }

  void note_first_failure() {
    if (first_ || stopped_) return;
    const auto failed =
        std::ranges::find_if(children_, [](const auto& child) { return child->ended() && !child->ended_well(); });
    if (failed == children_.end()) return;
    first_ = failed->get();
    deadline_ = Clock::now() + options_.grace;
  }

  void stop_if_asked() {
    if (stopped_ || first_ || !options_.stop || !options_.stop()) return;
    stopped_ = true;
    for (auto& child : children_)
      child->signal(SIGTERM);
    deadline_ = Clock::now() + options_.stop_grace;
  }

  void kill_rest() {
    for (auto& child : children_) {
      if (child->ended()) continue;
      killed_.push_back(child.get());
      child->kill();
    }
  }

  bool was_killed(const RankChild& child) const { return std::ranges::find(killed_, &child) != killed_.end(); }

  // How well the end of a rank explains the others' ends: killed by nobody here; failed for a reason of its own; ended
  // without a word; was told by its communicator that others had failed.
  int rating(const RankChild& child) const {
    if (child.ended_well() || was_killed(child)) return 0;
    if (child.died_by_signal()) return 4;
    const auto report = child.report();
    if (!report) return 2;
    return report->code() == ErrorCode::unavailable || report->code() == ErrorCode::timeout ? 1 : 3;
  }

  Error cause() const {
    const RankChild* reason = first_;
    for (const auto& child : children_) {
      if (rating(*child) > rating(*reason)) reason = child.get();
    }
    const auto report = reason->report();
    if (!report || reason->died_by_signal()) return {ErrorCode::internal, reason->end_text(), kAdvice};
    return {report->code(), "rank " + std::to_string(reason->rank()) + ": " + report->what(),
            report->fix().empty() ? kAdvice : report->fix()};
  }

  const RankGroupOptions& options_;
  std::vector<std::unique_ptr<RankChild>> children_;
  std::vector<const RankChild*> killed_;
  const RankChild* first_ = nullptr;  // that failed
  bool stopped_ = false;
  std::optional<Clock::time_point> deadline_;  // then the rest is killed
};

}  // namespace

void run_rank_group(const RankGroupOptions& options) {
  if (options.size < 1 || options.size > kMostRanks)
    throw Error(ErrorCode::invalid_argument,
                "there can be 1 to " + std::to_string(kMostRanks) + " ranks, not " + std::to_string(options.size));
  Group(options).run();
}

}  // namespace checkerlab::model
