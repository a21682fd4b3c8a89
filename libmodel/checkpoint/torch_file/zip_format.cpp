#include <ATen/ops/empty.h>

#include <map>
#include <tuple>

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/machine.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/torch_file/formats.hpp"
#include "libmodel/checkpoint/torch_file/storage_id.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const RandomFile& file, const std::string& what) {
  throw Error(ErrorCode::invalid_data, file.path().string() + " is not a usable PyTorch file: " + what,
              "Copy or download it again, or save it again with torch.save");
}

// Storages are entries PREFIX/data/KEY.
class ZipStorages final : public pickle::StorageSource {
 public:
  ZipStorages(std::shared_ptr<const RandomFile> file, std::shared_ptr<const Archive> archive, std::string prefix)
      : file_(std::move(file)), archive_(std::move(archive)), prefix_(std::move(prefix)) {}

  std::int64_t elements(const std::string& key, c10::ScalarType type) override {
    const std::uint64_t bytes = archive_->entry(prefix_ + "data/" + key).bytes;
    if (bytes % c10::elementSize(type) != 0)
      refuse(*file_, "storage '" + printable(key) + "' does not hold whole elements");
    return static_cast<std::int64_t>(bytes / c10::elementSize(type));
  }
  at::Tensor read(const std::string& key, c10::ScalarType type) override {
    at::Tensor flat = at::empty({elements(key, type)}, type);
    archive_->read(prefix_ + "data/" + key, flat.mutable_data_ptr());
    return flat;
  }

 private:
  std::shared_ptr<const RandomFile> file_;
  std::shared_ptr<const Archive> archive_;
  std::string prefix_;
};

// What stands before "data.pkl", with its slash.
std::string find_prefix(const RandomFile& file, const Archive& archive) {
  constexpr std::string_view kPickle = "data.pkl";
  for (const auto& [name, entry] : archive.entries()) {
    if (name == kPickle || name.ends_with("/data.pkl")) return name.substr(0, name.size() - kPickle.size());
  }
  refuse(file, "the archive holds no data.pkl");
}

}  // namespace

bool holds_program(const Archive& archive) {
  for (const auto& [name, entry] : archive.entries()) {
    if (name.ends_with("/constants.pkl")) return true;
  }
  return false;
}

TorchFile read_zip_format(std::shared_ptr<const RandomFile> file, bool program) {
  const auto archive = std::make_shared<const Archive>(file);
  if (holds_program(*archive) != program)
    refuse(*file, program ? "it holds no TorchScript program" : "it holds a TorchScript program, not plain data");
  const std::string prefix = find_prefix(*file, *archive);
  if (archive->entries().contains(prefix + "byteorder") && archive->read(prefix + "byteorder") != "little")
    refuse(*file, "its numbers are big endian");
  if (archive->entry(prefix + "data.pkl").bytes > pickle::kMaxPickleBytes) refuse(*file, "its data.pkl is too large");

  const auto source = std::make_shared<ZipStorages>(file, archive, prefix);
  std::map<std::pair<std::string, c10::ScalarType>, std::shared_ptr<pickle::LazyStorage>> storages;
  const std::string where = file->path().string();
  const auto persistent = [&](const pickle::Value& value) -> pickle::Value {
    const StorageId id = parse_storage_id(value, where);
    auto& storage = storages[{id.key, id.type}];
    if (!storage) storage = std::make_shared<pickle::LazyStorage>(source, id.key, id.type);
    if (storage->elements() != id.elements)
      refuse(*file, "storage '" + printable(id.key) + "' should hold " + std::to_string(id.elements) +
                        " elements, it holds " + std::to_string(storage->elements()));
    const auto view = id.view.value_or(StorageId::View{0, id.elements});
    return {pickle::StorageRecord{storage, view.first, view.elements}};
  };
  TorchFile contents{.format = TorchFormat::zip, .document = std::make_shared<pickle::Document>()};
  const auto vocabulary = program ? pickle::Vocabulary::script : pickle::Vocabulary::plain;
  const std::string text = archive->read(prefix + "data.pkl");
  contents.root = pickle::unpickle(text, *contents.document, persistent, where, vocabulary).root;
  return contents;
}

}  // namespace checkerlab::model
