// What a verb that can run on several ranks adds to its command line, and how it does.
//
// With --ranks N the command starts itself N times, each with a rank of its own in the environment, and only watches:
// see libmodel/distributed/rank_group.hpp. Rank 0's messages are shown, and one error when a rank fails.
#pragma once

#include <c10/core/Device.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "libmodel/distributed/communicator.hpp"
#include "worker/verbs/verb.hpp"

namespace checkerlab::worker {

class RankedCommand {
 public:
  using Work = std::function<void(model::Communicator& ranks, c10::Device device)>;

  // Adds --ranks, --share-device and --rank-timeout.
  void configure(CLI::App& command);

  // In a rank: joins the others, picks its device by --device `device`, does `work`. Otherwise starts the ranks, or
  // does `work` here where it is one.
  void run(VerbContext& context, const std::string& device, const Work& work) const;

 private:
  void start_ranks(VerbContext& context) const;

  int ranks_ = 1;
  bool share_device_ = false;
  double timeout_seconds_ = std::chrono::duration<double>(model::kRankTimeout).count();
};

}  // namespace checkerlab::worker
