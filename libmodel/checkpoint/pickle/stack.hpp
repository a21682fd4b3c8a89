// The stack of a pickle machine with its marks, and its memo. Internal to pickle/.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "libmodel/checkpoint/pickle/cursor.hpp"
#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model::pickle {

// Errors are the cursor's; what is put in is counted by the document.
class Stack {
 public:
  Stack(Document& document, const Cursor& cursor) : document_(document), cursor_(cursor) {}

  bool empty() const { return values_.empty(); }
  void push(Value* value) {
    document_.charge(1);
    values_.push_back(value);
  }
  // Values below the last mark are out of reach.
  Value* pop() {
    Value* value = &top();
    values_.pop_back();
    return value;
  }
  Value& top() {
    if (values_.size() <= floor()) cursor_.refuse("it takes more from the stack than is there");
    return *values_.back();
  }
  std::vector<Value*> pop_some(std::size_t count) {
    std::vector<Value*> items(count);
    while (count-- > 0)
      items[count] = pop();
    return items;
  }

  void mark() {
    document_.charge(1);
    marks_.push_back(values_.size());
  }
  std::vector<Value*> pop_to_mark() {
    if (marks_.empty()) cursor_.refuse("a mark is missing");
    const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Value*> items(begin, values_.end());
    values_.erase(begin, values_.end());
    marks_.pop_back();
    return items;
  }

  void remember(std::uint32_t index) {
    constexpr std::size_t kItemsOfEntry = 8;  // about what an entry of the map takes
    document_.charge(kItemsOfEntry);
    memo_[index] = &top();
  }
  void remember_next() { remember(static_cast<std::uint32_t>(memo_.size())); }
  void recall(std::uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) cursor_.refuse("it recalls what it never stored");
    push(found->second);
  }

 private:
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Document& document_;
  const Cursor& cursor_;
  std::vector<Value*> values_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, Value*> memo_;
};

}  // namespace checkerlab::model::pickle
