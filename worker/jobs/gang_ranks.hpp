// A training over several workers: which of them train, and how they are joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "libmodel/distributed/communicator.hpp"
#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

// Images whose gradients are computed at once; 0: all of a rank's share of a batch. hints.micro_batch, else a batch is
// cut into as many pieces as ranks may train at most (hints.placement.ranks: N or {min, max}), whatever their number is
// now: so the result does not depend on how many workers were free. Throws Error(invalid_argument) for hints that
// cannot be.
std::int64_t piece_of_batch(const Json& hints, std::int64_t batch);

// How many of `workers` train on batches of `batch` images in pieces of `piece` (0: as large as they come): as
// many as the pieces of a batch divide among. Those are the first ranks; the others are not needed.
int ranks_that_train(std::int64_t batch, std::int64_t piece, int workers);

// This job's rank among the first `size` of its gang, of which it must be one: meets the others, then joins them by
// sockets, or by NCCL where it computes on a GPU. A rank alone where the job has no gang, or where `size` is 1. Throws
// Error(unavailable) when the ranks cannot come together, cancelled, and what the communicators throw.
std::unique_ptr<model::Communicator> join_gang_ranks(JobCall& call, int size);

// The job's checkpoint, where all ranks have theirs: one that could not fetch it makes all begin anew.
std::optional<std::filesystem::path> common_resume(JobCall& call, model::Communicator& ranks);

}  // namespace checkerlab::worker
