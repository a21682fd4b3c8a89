// The persistent id by which PyTorch's pickles name a storage. Internal to torch_file/.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <optional>
#include <string>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

// ("storage", class, key, device, elements[, view]), where a view is (key, first element, elements) or None.
struct StorageId {
  struct View {
    std::int64_t first = 0, elements = 0;
  };
  c10::ScalarType type = c10::ScalarType::Float;
  std::string key;
  std::int64_t elements = 0;
  std::optional<View> view;
};

// Throws Error(invalid_data) naming the file `where` when the value is not such an id.
StorageId parse_storage_id(const pickle::Value& id, const std::string& where);

}  // namespace checkerlab::model
