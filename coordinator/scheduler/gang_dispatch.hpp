// Gives gangs to workers, all or none, and keeps workers free for one that was passed by others often enough. Internal
// to the scheduler.
//
// A gang starts when enough workers have a free slot and nothing that goes before it. Until then others go past it, but
// only Limits::most_overtaken times in a row; then every worker that suits it stays free as it becomes free, but for
// jobs whose time limit ends before the last of the workers that the gang needs can be free. There is one reservation
// at a time, so two gangs never wait for each other's workers.
#pragma once

#include <vector>

#include "coordinator/scheduler/candidates.hpp"
#include "coordinator/scheduler/effects.hpp"

namespace checkerlab::coordinator::scheduler {

// The next gang of a lane, which enough of the connected workers suit when they have nothing else to do.
struct WaitingGang {
  Candidate candidate;
  std::vector<CodeIndex> codes;  // versions with enough workers; those with most first
};

// In order of turn. Also brings the reservation up to date. O(lanes of gangs × workers); nothing without such lanes.
std::vector<WaitingGang> waiting_gangs(State& state);

// Starts the first gang that can. False when none can.
bool start_gang(State& state, const std::vector<WaitingGang>& gangs, Effects& effects);

// Whether the worker may be given the candidate although gangs wait. Nothing is prefetched in front of a gang.
bool may_go(const State& state, const std::vector<WaitingGang>& gangs, const Worker& worker, const Candidate& candidate,
            bool prefetching);
// The worker is given the candidate: counts the gang that it goes past, if there is one.
void note_passed(State& state, const std::vector<WaitingGang>& gangs, const Worker& worker, const Candidate& candidate);

// Whether the worker could take a rank of jobs of this shape when it had nothing else to do.
bool suits_gang(const Worker& worker, ShapeIndex shape, const Study& study);
// Whether it could take one now.
bool is_free_for(const State& state, const Worker& worker, ShapeIndex shape);
// Whether the worker is kept free for a gang.
bool is_kept_for_gang(const State& state, const Worker& worker);

}  // namespace checkerlab::coordinator::scheduler
