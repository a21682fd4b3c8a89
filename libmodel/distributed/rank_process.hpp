// A process that is one rank of several: what it is told by the process that started it, and how it joins the others.
//
// Told in the environment; its sockets to the other ranks are inherited, from descriptor kFirstRankSocket on, in the
// order of make_rank_sockets().
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

inline constexpr int kFirstRankSocket = 4;
inline constexpr int kMostRanks = 32;

struct RankSettings {
  int rank = 0;
  int size = 1;
  bool share_device = false;  // all ranks on one GPU, for checks
  std::chrono::milliseconds timeout = kRankTimeout;
};

std::map<std::string, std::string> to_environment(const RankSettings& settings);
// Nothing where this process is no rank. Throws Error(ErrorCode::invalid_argument) for settings that cannot be.
std::optional<RankSettings> rank_settings();

// The device of a rank for --device `name`: cpu for all, or one GPU each; all on one with `share_device`. `gpus`: how
// many this machine has. Throws Error(ErrorCode::invalid_argument) saying what would do.
std::string rank_device(std::string_view name, const RankSettings& settings, int gpus);

// Joins the other ranks with the inherited sockets; CPU ranks or NCCL, as the device is. Once a process, before other
// threads run. Throws Error: invalid_argument where the sockets are not there, and what the communicators throw.
std::unique_ptr<Communicator> join_ranks(const RankSettings& settings, c10::Device device);

}  // namespace checkerlab::model
