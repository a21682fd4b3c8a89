#include "libmodel/checkpoint/pickle/tensor_record.hpp"

#include <ATen/ops/empty.h>

#include "base/error.hpp"

namespace checkerlab::model::pickle {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_data, "a tensor of the pickle " + what, "Make or fetch the file again");
}

bool is_contiguous(const TensorRecord& record) {
  std::int64_t expected = 1;
  for (std::size_t i = record.sizes.size(); i-- > 0;) {
    if (record.sizes[i] != 1 && record.strides[i] != expected) return false;
    expected *= record.sizes[i];
  }
  return true;
}

}  // namespace

LazyStorage::LazyStorage(std::shared_ptr<StorageSource> source, std::string key, c10::ScalarType type)
    : source_(std::move(source)), key_(std::move(key)), type_(type), elements_(source_->elements(key_, type_)) {}

LazyStorage::LazyStorage(at::Tensor flat)
    : type_(flat.scalar_type()), elements_(flat.numel()), flat_(std::move(flat)) {}

at::Tensor LazyStorage::take() const {
  return flat_.defined() ? flat_.clone() : source_->read(key_, type_);
}

at::Tensor LazyStorage::view() const {
  return flat_.defined() ? flat_ : source_->read(key_, type_);
}

const at::Tensor& LazyStorage::keep() {
  if (!flat_.defined()) flat_ = source_->read(key_, type_);
  return flat_;
}

void TensorRecord::check(const StorageRecord& range) const {
  if (sizes.size() != strides.size()) refuse("has another number of sizes than of strides");
  std::int64_t last = offset;
  bool empty = false;
  if (offset < range.first) refuse("begins before its storage");
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0 || strides[i] < 0) refuse("has a negative size or stride");
    if (sizes[i] == 0) {
      empty = true;
      continue;
    }
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) || __builtin_add_overflow(last, reach, &last))
      refuse("is too large to count");
  }
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) {
    // Strides of zero repeat elements: a small storage must not become a huge tensor.
    if (__builtin_mul_overflow(count, size, &count)) refuse("is too large to count");
  }
  if (empty) return;
  if (last >= range.first + range.elements) refuse("reaches beyond its storage");
  if (count > range.elements) refuse("repeats its storage's elements");
}

std::int64_t TensorRecord::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) {
    count *= size;
  }
  return count;
}

std::uint64_t TensorRecord::bytes() const {
  return static_cast<std::uint64_t>(elements()) * c10::elementSize(storage->type());
}

at::Tensor TensorRecord::load() const {
  if (elements() == 0) return at::empty(sizes, storage->type());
  if (elements() == storage->elements() && is_contiguous(*this)) return storage->take().view(sizes);
  return storage->keep().as_strided(sizes, strides, offset).clone(at::MemoryFormat::Contiguous);
}

TensorRecord record_of(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  TensorRecord record{.storage = std::make_shared<LazyStorage>(plain.flatten()),
                      .offset = 0,
                      .sizes = plain.sizes().vec(),
                      .strides = plain.strides().vec()};
  return record;
}

}  // namespace checkerlab::model::pickle
