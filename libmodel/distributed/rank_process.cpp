#include "libmodel/distributed/rank_process.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "libmodel/distributed/device_ranks.hpp"
#include "libmodel/distributed/nccl_ranks.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kRank = "CHECKERLAB_RANK";
constexpr const char* kSize = "CHECKERLAB_RANKS";
constexpr const char* kShare = "CHECKERLAB_RANKS_SHARE_DEVICE";
constexpr const char* kTimeout = "CHECKERLAB_RANK_TIMEOUT_MS";

std::int64_t number_in(const char* variable, std::int64_t least, std::int64_t most) {
  const char* text = std::getenv(variable);
  std::int64_t value = least - 1;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), value);
  if (value < least || value > most)
    throw Error(ErrorCode::invalid_argument,
                std::string("the environment variable ") + variable + " is '" + (text == nullptr ? "" : text) +
                    "', not a number from " + std::to_string(least) + " to " + std::to_string(most),
                "These variables are for processes that checkerlab starts itself: remove them");
  return value;
}

std::vector<Descriptor> inherited_sockets(const RankSettings& settings) {
  std::vector<Descriptor> sockets;
  const int count = settings.rank == 0 ? settings.size - 1 : 1;
  for (int fd = kFirstRankSocket; fd < kFirstRankSocket + count; ++fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode))
      throw Error(ErrorCode::invalid_argument, "descriptor " + std::to_string(fd) + " is no socket to another rank",
                  std::string("Remove ") + kRank + " from the environment; checkerlab sets it for its own ranks");
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    sockets.emplace_back(fd);
  }
  return sockets;
}

}  // namespace

std::map<std::string, std::string> to_environment(const RankSettings& settings) {
  return {{kRank, std::to_string(settings.rank)},
          {kSize, std::to_string(settings.size)},
          {kShare, settings.share_device ? "1" : "0"},
          {kTimeout, std::to_string(settings.timeout.count())}};
}

std::optional<RankSettings> rank_settings() {
  if (std::getenv(kRank) == nullptr) return std::nullopt;
  RankSettings settings;
  settings.size = static_cast<int>(number_in(kSize, 1, kMostRanks));
  settings.rank = static_cast<int>(number_in(kRank, 0, settings.size - 1));
  settings.share_device = number_in(kShare, 0, 1) == 1;
  settings.timeout = std::chrono::milliseconds(number_in(kTimeout, 1, 86'400'000));
  return settings;
}

std::string rank_device(std::string_view name, const RankSettings& settings, int gpus) {
  const std::string wanted(name);
  if (settings.size == 1 || wanted == "cpu" || (wanted == "auto" && gpus == 0)) return wanted;
  if (settings.share_device) return wanted.starts_with("cuda:") ? wanted : "cuda:0";
  if (wanted.starts_with("cuda:"))
    throw Error(ErrorCode::invalid_argument, "several ranks cannot each have the device '" + wanted + "'",
                "Use --device cuda for one GPU a rank, or --share-device to check something with all ranks on one");
  if (settings.size > gpus)
    throw Error(ErrorCode::invalid_argument,
                std::to_string(settings.size) + " ranks need as many GPUs; this machine has " + std::to_string(gpus),
                "Use --ranks " + std::to_string(std::max(gpus, 1)) + ", or --device cpu");
  return "cuda:" + std::to_string(settings.rank);
}

std::unique_ptr<Communicator> join_ranks(const RankSettings& settings, c10::Device device) {
  if (settings.size == 1) return std::make_unique<SingleRank>();
  const SocketRankOptions options{.rank = settings.rank, .size = settings.size, .timeout = settings.timeout};
  auto sockets = inherited_sockets(settings);
  if (device.is_cuda()) configure_nccl(settings.rank, settings.share_device);
  return make_device_rank(options, std::move(sockets), device);
}

}  // namespace checkerlab::model
