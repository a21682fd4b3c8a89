// A tensor that stands in a checkpoint file and is read when it is asked for, and the storage it views.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace checkerlab::model::pickle {

// Where the bytes of storages come from. Implementations check sizes before they take memory, and throw
// Error(invalid_data) that names the file.
class StorageSource {
 public:
  virtual ~StorageSource() = default;
  // Elements that storage `key` holds in the file; throws when it is not there.
  virtual std::int64_t elements(const std::string& key, c10::ScalarType type) = 0;
  // The whole storage as a flat tensor on the CPU.
  virtual at::Tensor read(const std::string& key, c10::ScalarType type) = 0;
};

// One storage of a file, shared by the tensors that view it. Not thread-safe.
class LazyStorage {
 public:
  LazyStorage(std::shared_ptr<StorageSource> source, std::string key, c10::ScalarType type);
  // Of a tensor that is in memory.
  explicit LazyStorage(at::Tensor flat);

  // All of it, flat, for one caller alone.
  at::Tensor take() const;
  // All of it, flat, to be read only.
  at::Tensor view() const;
  // All of it, flat, kept until this object goes; for views of parts, so that the file is read once.
  const at::Tensor& keep();
  c10::ScalarType type() const { return type_; }
  std::int64_t elements() const { return elements_; }

 private:
  std::shared_ptr<StorageSource> source_;
  std::string key_;
  c10::ScalarType type_;
  std::int64_t elements_ = 0;
  at::Tensor flat_;
};

// What a pickle calls a storage: all of one, or a range of its elements (old files know views of storages).
struct StorageRecord {
  std::shared_ptr<LazyStorage> storage;
  std::int64_t first = 0, elements = 0;
};

struct TensorRecord {
  std::shared_ptr<LazyStorage> storage;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes, strides;
  bool parameter = false;  // was a torch.nn.Parameter
  bool requires_grad = false;

  // Throws Error(invalid_data) when the view reaches beyond that range of its storage.
  void check(const StorageRecord& range) const;
  // Its values, contiguous on the CPU, independent of other tensors.
  at::Tensor load() const;
  std::int64_t elements() const;
  std::uint64_t bytes() const;
};

// A record of a tensor in memory (moved to the CPU and made contiguous).
TensorRecord record_of(const at::Tensor& tensor);

}  // namespace checkerlab::model::pickle
