// How a job that several workers do together meets the other ranks. For any kind; needs no LibTorch.
#pragma once

#include <vector>

#include "base/pipe.hpp"
#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

// Rank 0's connections to ranks 1, 2, … in order; another rank's one to rank 0 (see base/gang/gang_meeting.hpp). None
// where the gang has one rank. Returns once all `gang.seat.size` ranks are there. Throws Error: cancelled, or
// unavailable for whatever keeps the ranks apart, so that it is tried again.
std::vector<Descriptor> meet_gang(const GangPart& gang, JobContext& context);

}  // namespace checkerlab::worker
