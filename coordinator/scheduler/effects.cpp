#include "coordinator/scheduler/effects.hpp"

#include <array>

namespace checkerlab::coordinator::scheduler {

std::string_view to_string(Reason reason) {
  constexpr std::array<std::string_view, 10> kTexts{"",
                                                    "cancelled",
                                                    "paused: the job goes on from its checkpoint later",
                                                    "stale attempt: a later one has taken its place",
                                                    "stale attempt: it had ended already",
                                                    "its lease expired",
                                                    "the result is known already",
                                                    "unknown job",
                                                    "it ran longer than its time limit",
                                                    "another worker that did it too is gone"};
  return kTexts.at(static_cast<std::size_t>(reason));
}

}  // namespace checkerlab::coordinator::scheduler
