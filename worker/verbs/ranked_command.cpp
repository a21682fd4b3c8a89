#include "worker/verbs/ranked_command.hpp"

#include <memory>

#include "base/child_process.hpp"
#include "libmodel/device.hpp"
#include "libmodel/distributed/rank_group.hpp"
#include "libmodel/distributed/rank_report.hpp"

namespace checkerlab::worker {

void RankedCommand::configure(CLI::App& command) {
  command.add_option("--ranks", ranks_, "Processes that train together, one GPU each")
      ->check(CLI::Range(1, model::kMostRanks))
      ->capture_default_str();
  command.add_flag("--share-device", share_device_, "All ranks on one GPU: to check, not to gain");
  command.add_option("--rank-timeout", timeout_seconds_, "Seconds after which a silent rank counts as lost")
      ->check(CLI::Range(1.0, 86'400.0))
      ->capture_default_str();
}

void RankedCommand::run(VerbContext& context, const std::string& device, const Work& work) const {
  const auto settings = model::rank_settings();
  if (!settings && ranks_ > 1) return start_ranks(context);
  if (!settings) {
    model::SingleRank alone;
    return work(alone, model::select_device(device));
  }
  try {
    const auto own = model::select_device(model::rank_device(device, *settings, model::cuda_device_count()));
    const auto ranks = model::join_ranks(*settings, own);
    work(*ranks, own);
  } catch (const std::exception& error) {
    model::send_rank_report(error);
    throw;
  }
}

void RankedCommand::start_ranks(VerbContext& context) const {
  model::RankGroupOptions options;
  options.command = {own_executable().string()};
  for (const auto& argument : own_arguments())
    options.command.push_back(argument);
  options.size = ranks_;
  options.share_device = share_device_;
  options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds_ * 1000));
  options.on_line = [&](int rank, std::string_view line) {
    if (rank == 0) context.err << line << std::endl;
  };
  options.stop = [&] { return context.observer.cancelled(); };
  model::run_rank_group(options);
}

}  // namespace checkerlab::worker
