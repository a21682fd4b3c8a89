#include "libmodel/distributed/operation.hpp"

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

template <typename Number>
void add_numbers(std::span<std::byte> into, std::span<const std::byte> from) {
  auto* const sum = reinterpret_cast<Number*>(into.data());
  const auto* const term = reinterpret_cast<const Number*>(from.data());
  const std::size_t count = into.size() / sizeof(Number);
  for (std::size_t i = 0; i < count; ++i) {
    sum[i] += term[i];
  }
}

bool can_be_summed(c10::ScalarType type) {
  return type == c10::kFloat || type == c10::kDouble || type == c10::kLong;
}

}  // namespace

void check_cpu_tensors(const std::vector<at::Tensor>& tensors, bool summed) {
  for (const at::Tensor& tensor : tensors) {
    if (!tensor.defined() || !tensor.is_cpu() || !tensor.is_contiguous())
      throw Error(ErrorCode::internal, "ranks can exchange contiguous CPU tensors only");
    if (tensor.scalar_type() != tensors.front().scalar_type() || (summed && !can_be_summed(tensor.scalar_type())))
      throw Error(ErrorCode::internal,
                  std::string("ranks cannot sum tensors of type ") + c10::toString(tensor.scalar_type()) + " here");
  }
}

std::vector<std::span<std::byte>> memory_of(const std::vector<at::Tensor>& tensors) {
  std::vector<std::span<std::byte>> memory;
  for (const at::Tensor& tensor : tensors) {
    if (tensor.numel() > 0) memory.emplace_back(static_cast<std::byte*>(tensor.mutable_data_ptr()), tensor.nbytes());
  }
  return memory;
}

std::size_t total_bytes(const std::vector<at::Tensor>& tensors) {
  std::size_t bytes = 0;
  for (const at::Tensor& tensor : tensors) {
    bytes += tensor.nbytes();
  }
  return bytes;
}

void add_into(c10::ScalarType type, std::span<std::byte> into, std::span<const std::byte> from) {
  if (type == c10::kFloat) return add_numbers<float>(into, from);
  if (type == c10::kDouble) return add_numbers<double>(into, from);
  add_numbers<std::int64_t>(into, from);
}

}  // namespace checkerlab::model
