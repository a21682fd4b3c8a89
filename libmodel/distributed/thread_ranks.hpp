// Ranks that are threads of one process: for tests. CPU tensors only.
#pragma once

#include <memory>
#include <vector>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

// One communicator a rank, to be used (and destroyed) by its thread. They share what they need.
std::vector<std::unique_ptr<Communicator>> make_thread_ranks(int size,
                                                             std::chrono::milliseconds timeout = kRankTimeout);

}  // namespace checkerlab::model
