#include "worker/runner/gang.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/gang/gang_meeting.hpp"

namespace checkerlab::worker {
namespace {

std::vector<Descriptor> wait_for_others(const GangPart& gang, JobContext& context, const MeetingLimits& limits) {
  GangListener listener(gang.listen_host, gang.seat);
  context.listening(gang.listen_host, listener.port());
  return listener.meet(limits);
}

std::vector<Descriptor> join_rank_zero(const GangPart& gang, JobContext& context, const MeetingLimits& limits) {
  const auto at = context.wait_for_rank_zero();
  std::vector<Descriptor> one;
  one.push_back(join_gang(at.host, at.port, gang.seat, limits));
  return one;
}

}  // namespace

std::vector<Descriptor> meet_gang(const GangPart& gang, JobContext& context) {
  if (gang.seat.size == 1) return {};
  const MeetingLimits limits{.cancelled = [&context] { return context.cancelled(); }};
  try {
    return gang.seat.rank == 0 ? wait_for_others(gang, context, limits) : join_rank_zero(gang, context, limits);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    throw Error(ErrorCode::unavailable, error.what(), error.fix());
  }
}

}  // namespace checkerlab::worker
