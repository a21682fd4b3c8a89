#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"

namespace checkerlab::model {

// The member `key` of a configuration. Throws Error(invalid_argument) naming `what` and the key when it is missing or
// of another type.
template <typename Value>
Value json_field(const nlohmann::json& object, const std::string& key, const std::string& what) {
  try {
    return object.at(key).get<Value>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::invalid_argument,
                what + " cannot be read: '" + key + "' is " + (object.contains(key) ? "of the wrong type" : "missing"));
  }
}

}  // namespace checkerlab::model
