#include "libmodel/checkpoint/released/state_dict.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " is not a dict of tensors: " + what,
              "Save the weights with torch.save(model.state_dict(), ...)");
}

// Storages may be shared, so that tensors take more memory than the file has bytes; a broken file must not make that
// much more.
constexpr std::uint64_t kMaxFactor = 8, kFreeBytes = 64u << 20;

}  // namespace

StateDict::StateDict(const pickle::Value& value, std::uint64_t file_bytes, const std::string& where) {
  const auto* dict = value.as<pickle::Dict>();
  if (dict == nullptr) refuse(where, "it is " + std::string(kind_of(value)));
  std::uint64_t total = 0;
  for (const auto& [key, item] : dict->items) {
    const auto* name = key->as<std::string>();
    if (name == nullptr) refuse(where, "a name is " + std::string(kind_of(*key)));
    const auto* record = item->as<pickle::TensorRecord>();
    if (record == nullptr) refuse(where, "'" + printable(*name) + "' is " + std::string(kind_of(*item)));
    if (contains(*name)) refuse(where, "'" + printable(*name) + "' occurs twice");
    total += record->bytes();
    if (total > kFreeBytes + kMaxFactor * file_bytes) refuse(where, "its tensors are far larger than its file");
    add(*name, *record);
  }
}

StateDict::StateDict(const std::map<std::string, at::Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors)
    add(name, pickle::record_of(tensor));
}

StateDict::StateDict(const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors)
    add(name, pickle::record_of(tensor));
}

void StateDict::add(const std::string& name, pickle::TensorRecord record) {
  names_.push_back(name);
  records_.emplace(name, std::move(record));
}

StateDict StateDict::below(const std::string& prefix) const {
  StateDict part;
  for (const std::string& name : names_) {
    if (name.starts_with(prefix)) part.add(name.substr(prefix.size()), records_.at(name));
  }
  return part;
}

}  // namespace checkerlab::model
