#include "libmodel/checkpoint/pickle/value.hpp"

#include <array>

#include "base/error.hpp"

namespace checkerlab::model::pickle {

Value* Document::add(Value value) {
  if (values_.size() >= kMaxValues)
    throw Error(ErrorCode::too_large, "a pickle with more than " + std::to_string(kMaxValues) + " values");
  return &values_.emplace_back(std::move(value));
}

void Document::charge(std::size_t items) {
  items_ += items;
  if (items > kMaxItems || items_ > kMaxItems)
    throw Error(ErrorCode::too_large, "a pickle that asks for more than " + std::to_string(kMaxItems) + " items");
}

const Value* find(const Dict& dict, std::string_view key) {
  for (auto item = dict.items.rbegin(); item != dict.items.rend(); ++item) {
    const auto* name = item->first->as<std::string>();
    if (name != nullptr && *name == key) return item->second;
  }
  return nullptr;
}

std::string_view kind_of(const Value& value) {
  constexpr std::array<std::string_view, std::variant_size_v<decltype(Value::data)>> kNames{"None",
                                                                                            "a truth value",
                                                                                            "an integer",
                                                                                            "an integer",
                                                                                            "a number",
                                                                                            "a text",
                                                                                            "bytes",
                                                                                            "a list",
                                                                                            "a tuple",
                                                                                            "a set",
                                                                                            "a dict",
                                                                                            "a class",
                                                                                            "an object of a class",
                                                                                            "a storage",
                                                                                            "a tensor"};
  return kNames.at(value.data.index());
}

}  // namespace checkerlab::model::pickle
