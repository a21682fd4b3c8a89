// Parts of pickled values that a test knows the kind of.
#pragma once

#include <stdexcept>
#include <string>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

// Throws std::logic_error, which fails the test, when the value is of another kind.
template <typename T>
T& the(pickle::Value& value) {
  if (T* found = value.as<T>()) return *found;
  throw std::logic_error("the value is " + std::string(kind_of(value)));
}

template <typename T>
const T& the(const pickle::Value& value) {
  if (const T* found = value.as<T>()) return *found;
  throw std::logic_error("the value is " + std::string(kind_of(value)));
}

// The entry of a dict, which must be there.
template <typename T>
const T& entry(const pickle::Dict& dict, std::string_view key) {
  const pickle::Value* value = find(dict, key);
  if (value == nullptr) throw std::logic_error("the dict has no '" + std::string(key) + "'");
  return the<T>(*value);
}

}  // namespace checkerlab::model
