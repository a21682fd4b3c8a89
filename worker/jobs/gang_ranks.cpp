#include "worker/jobs/gang_ranks.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "libmodel/distributed/device_ranks.hpp"
#include "worker/runner/gang.hpp"

namespace checkerlab::worker {

namespace {

std::int64_t positive(const Json& value, const char* name) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < 1)
    throw Error(ErrorCode::invalid_argument,
                std::string("the hint ") + name + " is " + value.dump() + ": it must be a positive integer");
  return value.get<std::int64_t>();
}

// How many ranks may train at most.
int most_ranks(const Json& hints) {
  const Json::json_pointer at("/placement/ranks"), most("/placement/ranks/max");
  if (!hints.contains(at)) return 1;
  return static_cast<int>(positive(hints.at(hints.contains(most) ? most : at), "placement.ranks"));
}

}  // namespace

std::int64_t piece_of_batch(const Json& hints, std::int64_t batch) {
  if (hints.contains("micro_batch")) return positive(hints.at("micro_batch"), "micro_batch");
  const int pieces = ranks_that_train(batch, 1, most_ranks(hints));
  return pieces == 1 ? 0 : batch / pieces;
}

int ranks_that_train(std::int64_t batch, std::int64_t piece, int workers) {
  int ranks = workers;
  while (ranks > 1 && batch % (ranks * std::max<std::int64_t>(piece, 1)) != 0)
    --ranks;
  return ranks;
}

std::unique_ptr<model::Communicator> join_gang_ranks(JobCall& call, int size) {
  if (!call.command.gang || size == 1) return std::make_unique<model::SingleRank>();
  GangPart part = *call.command.gang;
  part.seat.size = size;
  auto sockets = meet_gang(part, call.context);
  call.observer.log(model::LogLevel::info, std::to_string(size) + " ranks are together");
  return model::make_device_rank({.rank = part.seat.rank, .size = size}, std::move(sockets), call.device);
}

std::optional<std::filesystem::path> common_resume(JobCall& call, model::Communicator& ranks) {
  const auto mine = call.resume();
  const at::Tensor having = at::full({1}, mine ? 1 : 0, at::kLong);
  ranks.all_reduce_sum({having})->wait();
  const auto count = having.item<std::int64_t>();
  if (count == ranks.size()) return mine;
  if (count > 0)
    call.observer.log(model::LogLevel::warning, "another rank has no checkpoint: all start from the beginning");
  return std::nullopt;
}

}  // namespace checkerlab::worker
