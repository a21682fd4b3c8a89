#include "libmodel/checkpoint/pickle/writer.hpp"

#include <bit>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/known_types.hpp"
#include "libmodel/checkpoint/pickle/opcodes.hpp"

namespace checkerlab::model::pickle {
namespace {

constexpr int kMaxDepth = 100;

class Writer {
 public:
  Pickled run(const Value& root) {
    put(Opcode::protocol);
    text_ += '\x02';
    write(root, 0);
    put(Opcode::stop);
    return {std::move(text_), std::move(storages_)};
  }

 private:
  void put(Opcode opcode) { text_ += static_cast<char>(opcode); }
  template <typename Number>
  void raw(Number number) {
    text_.append(reinterpret_cast<const char*>(&number), sizeof(Number));
  }
  void global(std::string_view full) {
    const auto dot = full.rfind('.');
    put(Opcode::global);
    text_.append(full.substr(0, dot)).append("\n").append(full.substr(dot + 1)).append("\n");
  }
  void text(std::string_view letters) {
    put(Opcode::binary_unicode);
    raw(static_cast<std::uint32_t>(letters.size()));
    text_ += letters;
  }
  void truth(bool value) { put(value ? Opcode::new_true : Opcode::new_false); }
  void integer(std::int64_t value) {
    if (value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max()) {
      put(Opcode::binary_int);
      raw(static_cast<std::int32_t>(value));
    } else {
      put(Opcode::long1);
      text_ += '\x08';
      raw(value);
    }
  }
  void real(double value) {
    put(Opcode::binary_float);
    raw(__builtin_bswap64(std::bit_cast<std::uint64_t>(value)));  // big endian
  }
  void integers(const std::vector<std::int64_t>& numbers) {
    put(Opcode::mark);
    for (const std::int64_t number : numbers)
      integer(number);
    put(Opcode::tuple);
  }
  void empty_ordered_dict() {
    global("collections.OrderedDict");
    put(Opcode::empty_tuple);
    put(Opcode::reduce);
  }

  void sequence(const std::vector<Value*>& items, Opcode empty, Opcode fill, int depth) {
    put(empty);
    put(Opcode::mark);
    for (const Value* item : items)
      write(*item, depth + 1);
    put(fill);
  }
  // weights_only loading knows sets as the call set([…]).
  void set(const Set& set, int depth) {
    global("builtins.set");
    sequence(set.items, Opcode::empty_list, Opcode::appends, depth);
    put(Opcode::tuple1);
    put(Opcode::reduce);
  }
  void tuple(const Tuple& tuple, int depth) {
    put(Opcode::mark);
    for (const Value* item : tuple.items)
      write(*item, depth + 1);
    put(Opcode::tuple);
  }
  void dict(const Dict& dict, int depth) {
    if (dict.ordered) {
      empty_ordered_dict();
    } else {
      put(Opcode::empty_dict);
    }
    put(Opcode::mark);
    for (const auto& [key, value] : dict.items) {
      write(*key, depth + 1);
      write(*value, depth + 1);
    }
    put(Opcode::set_items);
    if (dict.attributes == nullptr) return;
    write(*dict.attributes, depth + 1);
    put(Opcode::build);
  }

  std::size_t number_of(const std::shared_ptr<LazyStorage>& storage) {
    const auto [place, is_new] = numbers_.try_emplace(storage.get(), storages_.size());
    if (is_new) storages_.push_back(storage);
    return place->second;
  }
  void storage(const std::shared_ptr<LazyStorage>& storage) {
    put(Opcode::mark);
    text("storage");
    global(storage_name(storage->type()));
    text(std::to_string(number_of(storage)));
    text("cpu");
    integer(storage->elements());
    put(Opcode::tuple);
    put(Opcode::binary_persistent_id);
  }
  void tensor(const TensorRecord& record) {
    if (record.parameter) {
      global("torch._utils._rebuild_parameter");
      put(Opcode::mark);
    }
    global("torch._utils._rebuild_tensor_v2");
    put(Opcode::mark);
    storage(record.storage);
    integer(record.offset);
    integers(record.sizes);
    integers(record.strides);
    truth(record.parameter ? false : record.requires_grad);
    empty_ordered_dict();
    put(Opcode::tuple);
    put(Opcode::reduce);
    if (!record.parameter) return;
    truth(record.requires_grad);
    empty_ordered_dict();
    put(Opcode::tuple);
    put(Opcode::reduce);
  }

  void write(const Value& value, int depth) {
    if (depth > kMaxDepth) refuse("values nested more than " + std::to_string(kMaxDepth) + " deep");
    std::visit([&](const auto& data) { write_data(data, depth); }, value.data);
  }
  void write_data(None, int) { put(Opcode::none); }
  void write_data(bool data, int) { truth(data); }
  void write_data(std::int64_t data, int) { integer(data); }
  void write_data(double data, int) { real(data); }
  void write_data(const std::string& data, int) { text(data); }
  void write_data(const BigInteger& data, int) {
    if (data.bytes.size() > 255) refuse("an integer of " + std::to_string(data.bytes.size()) + " bytes");
    put(Opcode::long1);
    text_ += static_cast<char>(data.bytes.size());
    text_ += data.bytes;
  }
  void write_data(const List& data, int depth) { sequence(data.items, Opcode::empty_list, Opcode::appends, depth); }
  void write_data(const Tuple& data, int depth) { tuple(data, depth); }
  void write_data(const Set& data, int depth) { set(data, depth); }
  void write_data(const Dict& data, int depth) { dict(data, depth); }
  void write_data(const TensorRecord& data, int) { tensor(data); }
  template <typename Other>
  void write_data(const Other&, int) {
    refuse(std::string(kind_of(Value{Other{}})));
  }

  [[noreturn]] static void refuse(const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "a PyTorch file for weights_only loading cannot hold " + what);
  }

  std::string text_;
  std::vector<std::shared_ptr<LazyStorage>> storages_;
  std::map<const LazyStorage*, std::size_t> numbers_;
};

}  // namespace

Pickled pickle(const Value& root) {
  return Writer().run(root);
}

}  // namespace checkerlab::model::pickle
