// Starts the ranks of a training as processes of this host and watches them.
//
// The process that calls this is none of the ranks: it holds no device and no model, so it can always end the others
// and say why. When a rank ends early, the others notice by themselves (see communicator.hpp); what is left after
// `grace` is killed. They die with this process, however it ends.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/distributed/rank_process.hpp"

namespace checkerlab::model {

inline constexpr std::chrono::seconds kRankGrace{10};

struct RankGroupOptions {
  std::vector<std::string> command;  // of every rank, the program's path first
  int size = 1;
  bool share_device = false;
  std::chrono::milliseconds timeout = kRankTimeout;
  std::chrono::milliseconds grace = kRankGrace;                    // after a rank failed, for the others to end
  std::chrono::milliseconds stop_grace = std::chrono::minutes(2);  // after `stop`, for rank 0's checkpoint
  // A line that a rank wrote on its standard error (ranks but 0: on their output too). Rank 0 shares this process's
  // standard output. Not what comes after a rank's report.
  std::function<void(int rank, std::string_view line)> on_line;
  std::function<bool()> stop;  // asked ten times a second: true ends the ranks with SIGTERM
};

// Returns when every rank ended well. Throws Error: what the rank that failed first reported, with its number; internal
// with the last lines of a rank that died without a report; cancelled after `stop`. Call it from a thread that lives
// as long as the ranks.
void run_rank_group(const RankGroupOptions& options);

}  // namespace checkerlab::model
