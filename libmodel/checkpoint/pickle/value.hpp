// What a pickle describes, as plain data. Values are owned by their Document and refer to each other by pointer: a list
// that occurs twice is one value, and a hostile file may even make one contain itself, so whoever walks a tree bounds
// the depth.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libmodel/checkpoint/pickle/tensor_record.hpp"

namespace checkerlab::model::pickle {

struct Value;

struct None {};
// An integer of more than 64 bits: two's complement, little endian.
struct BigInteger {
  std::string bytes;
};
struct Bytes {
  std::string data;
};
struct List {
  std::vector<Value*> items;
};
struct Tuple {
  std::vector<Value*> items;
};
struct Set {
  std::vector<Value*> items;
};
// dict, OrderedDict and defaultdict, in order of insertion; a later value of the same key stands behind the earlier.
struct Dict {
  std::vector<std::pair<Value*, Value*>> items;
  bool ordered = false;         // an OrderedDict
  Value* attributes = nullptr;  // what an OrderedDict was given besides its items, e.g. _metadata
};
// A class or function by its full name, one of those that `known_global` accepts.
struct Global {
  std::string name;
};
// An instance of a plain class: its attributes or the arguments it was made from.
struct Object {
  std::string type;
  Value* state = nullptr;
};

struct Value {
  std::variant<None, bool, std::int64_t, BigInteger, double, std::string, Bytes, List, Tuple, Set, Dict, Global, Object,
               StorageRecord, TensorRecord>
      data = None{};

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&data);
  }
  template <typename T>
  T* as() {
    return std::get_if<T>(&data);
  }
  bool is_none() const { return std::holds_alternative<None>(data); }
};

// Owns the values of one or more pickles. Movable; addresses stay.
class Document {
 public:
  // Throws Error(too_large) beyond kMaxValues.
  Value* add(Value value);
  // Counts items that a pickle lets be copied without bringing them, so that a short one cannot ask for much memory.
  // Throws Error(too_large) beyond kMaxItems.
  void charge(std::size_t items);
  template <typename T>
  Value* make(T data) {
    return add(Value{std::move(data)});
  }

 private:
  std::deque<Value> values_;
  std::size_t items_ = 0;
};

inline constexpr std::size_t kMaxValues = 1'000'000;
inline constexpr std::size_t kMaxItems = 8'000'000;

// The value of a string key (the last one, as in Python), or nullptr.
const Value* find(const Dict& dict, std::string_view key);

// What it is, for messages: "a list", "a tensor".
std::string_view kind_of(const Value& value);

}  // namespace checkerlab::model::pickle
