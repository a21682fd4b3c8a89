// What the CPU communicators share: the check of tensors, and sums over raw memory.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <vector>

namespace checkerlab::model {

// Throws Error(ErrorCode::internal) for tensors that an operation cannot take: not contiguous, not on the CPU, of
// several types, or, where they are to be summed, of a type that is not.
void check_cpu_tensors(const std::vector<at::Tensor>& tensors, bool summed);

// The tensors' memory, in order, without those that have none.
std::vector<std::span<std::byte>> memory_of(const std::vector<at::Tensor>& tensors);
std::size_t total_bytes(const std::vector<at::Tensor>& tensors);

// into[i] += from[i], as numbers of `type`. Both hold whole numbers of that type.
void add_into(c10::ScalarType type, std::span<std::byte> into, std::span<const std::byte> from);

}  // namespace checkerlab::model
