// The format of PyTorch before 1.6: three pickles (magic number, protocol, system), the object's pickle, a pickle with
// the list of storage keys, then for each key eight bytes of element count and the elements.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/machine.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/torch_file/formats.hpp"
#include "libmodel/checkpoint/torch_file/storage_id.hpp"

namespace checkerlab::model {
namespace {

// PROTO 2, LONG1 of ten bytes: 0x1950a86a20f9469cfc6c, STOP.
constexpr std::string_view kMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
constexpr std::int64_t kProtocol = 1001;

[[noreturn]] void refuse(const RandomFile& file, const std::string& what) {
  throw Error(ErrorCode::invalid_data, file.path().string() + " is not a usable PyTorch file: " + what,
              "Copy or download it again, or save it again with torch.save");
}

// Where each storage's elements stand is known only after the object's pickle.
class LegacyStorages final : public pickle::StorageSource {
 public:
  explicit LegacyStorages(std::shared_ptr<const RandomFile> file) : file_(std::move(file)) {}

  void expect(const StorageId& id) {
    const auto [place, is_new] = places_.try_emplace(id.key, Place{id.type, id.elements, 0});
    if (!is_new && (place->second.type != id.type || place->second.elements != id.elements))
      refuse(*file_, "storage '" + printable(id.key) + "' is named with two sizes or types");
  }
  // Walks over the storages that follow the pickles, checking each against the file.
  void locate(const pickle::List& keys, std::uint64_t offset) {
    std::size_t found = 0;
    for (const pickle::Value* item : keys.items) {
      const auto* key = item->as<std::string>();
      const auto place = key == nullptr ? places_.end() : places_.find(*key);
      if (place == places_.end() || place->second.offset != 0) refuse(*file_, "its list of storages is broken");
      offset = locate_one(*key, place->second, offset);
      ++found;
    }
    if (found != places_.size()) refuse(*file_, "it holds fewer storages than its tensors name");
  }

  std::int64_t elements(const std::string& key, c10::ScalarType) override { return places_.at(key).elements; }
  at::Tensor read(const std::string& key, c10::ScalarType type) override {
    const Place& place = places_.at(key);
    at::Tensor flat = at::empty({place.elements}, type);
    file_->read(place.offset, flat.mutable_data_ptr(), flat.nbytes());
    return flat;
  }

 private:
  struct Place {
    c10::ScalarType type;
    std::int64_t elements;
    std::uint64_t offset;  // of the first element; 0: not found yet
  };
  std::uint64_t locate_one(const std::string& key, Place& place, std::uint64_t offset) {
    std::int64_t count = 0;
    file_->read(offset, &count, sizeof count);
    offset += sizeof count;
    const std::uint64_t rest = file_->size() - offset;
    const auto size = static_cast<std::uint64_t>(c10::elementSize(place.type));
    if (count != place.elements)
      refuse(*file_, "storage '" + printable(key) + "' should hold " + std::to_string(place.elements) +
                         " elements, it holds " + std::to_string(count));
    if (static_cast<std::uint64_t>(count) > rest / size)
      refuse(*file_, "it ends within storage '" + printable(key) + "'");
    place.offset = offset;
    return offset + static_cast<std::uint64_t>(count) * size;
  }

  std::shared_ptr<const RandomFile> file_;
  std::map<std::string, Place> places_;
};

// Pickles one after the other at the front of a file.
class Pickles {
 public:
  Pickles(const RandomFile& file, pickle::Document& document)
      : document_(document),
        where_(file.path().string()),
        text_(file.read(0, std::min<std::uint64_t>(file.size(), pickle::kMaxPickleBytes))) {}

  const pickle::Value& next(const pickle::PersistentLoader& persistent) {
    const auto got = pickle::unpickle(std::string_view(text_).substr(place_), document_, persistent, where_);
    place_ += got.bytes;
    return *got.root;
  }
  std::uint64_t place() const { return place_; }

 private:
  pickle::Document& document_;
  std::string where_, text_;
  std::size_t place_ = 0;
};

void check_system(const RandomFile& file, const pickle::Value& value) {
  const auto* system = value.as<pickle::Dict>();
  const auto* order = system == nullptr ? nullptr : find(*system, "little_endian");
  const auto* little = order == nullptr ? nullptr : order->as<bool>();
  if (little == nullptr) refuse(file, "it does not say how its numbers are stored");
  if (!*little) refuse(file, "its numbers are big endian");
}

}  // namespace

bool begins_as_legacy_format(const RandomFile& file) {
  return file.size() >= kMagic.size() && file.read(0, kMagic.size()) == kMagic;
}

TorchFile read_legacy_format(std::shared_ptr<const RandomFile> file) {
  TorchFile contents{.format = TorchFormat::legacy, .document = std::make_shared<pickle::Document>()};
  Pickles pickles(*file, *contents.document);
  const auto source = std::make_shared<LegacyStorages>(file);
  std::map<std::string, std::shared_ptr<pickle::LazyStorage>> storages;
  const pickle::PersistentLoader none = [&](const pickle::Value&) -> pickle::Value {
    refuse(*file, "a storage stands where none belongs");
  };
  const pickle::PersistentLoader persistent = [&](const pickle::Value& value) -> pickle::Value {
    const StorageId id = parse_storage_id(value, file->path().string());
    source->expect(id);
    auto& storage = storages[id.key];
    if (!storage) storage = std::make_shared<pickle::LazyStorage>(source, id.key, id.type);
    const auto view = id.view.value_or(StorageId::View{0, id.elements});
    return {pickle::StorageRecord{storage, view.first, view.elements}};
  };
  pickles.next(none);  // the magic number
  const auto* protocol = pickles.next(none).as<std::int64_t>();
  if (protocol == nullptr || *protocol != kProtocol) refuse(*file, "its protocol is not 1001");
  check_system(*file, pickles.next(none));
  contents.root = &pickles.next(persistent);
  const auto* keys = pickles.next(none).as<pickle::List>();
  if (keys == nullptr) refuse(*file, "the list of its storages is missing");
  source->locate(*keys, pickles.place());
  return contents;
}

}  // namespace checkerlab::model
