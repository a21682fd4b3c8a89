// Named tensors of a checkpoint, in the file's order, each read when it is asked for.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

// In the order that a state dict has.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// Copies share the file. Not thread-safe.
class StateDict {
 public:
  StateDict() = default;
  // The texts and tensors of a dict; `where` names it in errors. Throws Error(invalid_data) for other values, for a
  // name that occurs twice, and when the tensors ask for much more memory than `file_bytes` can fill.
  StateDict(const pickle::Value& dict, std::uint64_t file_bytes, const std::string& where);
  // Of tensors in memory, moved to the CPU.
  explicit StateDict(const std::map<std::string, at::Tensor>& tensors);
  explicit StateDict(const NamedTensors& tensors);

  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const { return records_.contains(name); }
  const pickle::TensorRecord& record(const std::string& name) const { return records_.at(name); }
  // Values on the CPU, owned by the caller alone.
  at::Tensor load(const std::string& name) const { return records_.at(name).load(); }
  void add(const std::string& name, pickle::TensorRecord record);

  // The entries whose names begin with `prefix`, without it.
  StateDict below(const std::string& prefix) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, pickle::TensorRecord> records_;
};

}  // namespace checkerlab::model
