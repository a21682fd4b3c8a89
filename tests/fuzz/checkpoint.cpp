// Files with weights from outside: PyTorch's two formats, TorchScript, safetensors, TensorFlow's graphs, and the
// pickles inside, which need no checksum here. Each is read, with every tensor, or refused.
#include <ATen/ops/zeros.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "libmodel/checkpoint/graph_def/graph_def.hpp"
#include "libmodel/checkpoint/pickle/machine.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/torch_file/script_archive.hpp"
#include "libmodel/checkpoint/torch_file/storage_id.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"
#include "libmodel/checkpoint/zip/entry_stream.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

using namespace model;

constexpr std::uint64_t kLargest = 1 << 20;  // of what is loaded
constexpr int kDeepest = 20;

// A file in memory, the same for every input.
class MemoryFile {
 public:
  std::filesystem::path hold(std::string_view bytes) const {
    require(::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, bytes.data(), bytes.size(), 0) >= 0,
            "the file in memory can be written");
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_ = ::memfd_create("input", MFD_CLOEXEC);
};

// Visits values, which may contain themselves, and loads the tensors.
class Visitor {
 public:
  void visit(const pickle::Value& value, int depth = 0) {
    if (depth > kDeepest || ++visits_ > kMostVisits) return;
    if (const auto* tensor = value.as<pickle::TensorRecord>()) load(*tensor);
    if (const auto* list = value.as<pickle::List>()) visit_all(list->items, depth);
    if (const auto* tuple = value.as<pickle::Tuple>()) visit_all(tuple->items, depth);
    if (const auto* dict = value.as<pickle::Dict>()) {
      for (const auto& [key, item] : dict->items)
        visit_all({key, item}, depth);
    }
  }
  void load(const pickle::TensorRecord& tensor) {
    if (tensor.bytes() > kLargest || ++loads_ > kMostLoads) return;
    taken([&] { require(tensor.load().numel() == tensor.elements(), "a tensor has the elements that it says"); });
  }

 private:
  static constexpr int kMostVisits = 10'000, kMostLoads = 100;
  void visit_all(const std::vector<pickle::Value*>& values, int depth) {
    for (const auto* value : values)
      visit(*value, depth + 1);
  }
  int visits_ = 0, loads_ = 0;
};

// A storage of as many zeros as its id says.
class AnyStorage final : public pickle::StorageSource {
 public:
  explicit AnyStorage(std::int64_t elements) : elements_(elements) {}
  std::int64_t elements(const std::string&, c10::ScalarType) override { return elements_; }
  at::Tensor read(const std::string&, c10::ScalarType type) override {
    if (elements_ > 1 << 16) throw Error(ErrorCode::too_large, "more than is read here");
    return at::zeros({elements_}, type);
  }

 private:
  std::int64_t elements_;
};

void read_pickle(std::string_view text, pickle::Vocabulary vocabulary) {
  pickle::Document document;
  const pickle::PersistentLoader storages = [](const pickle::Value& value) -> pickle::Value {
    const StorageId id = parse_storage_id(value, "input");
    const auto source = std::make_shared<AnyStorage>(id.elements);
    return {pickle::StorageRecord{std::make_shared<pickle::LazyStorage>(source, id.key, id.type), 0, id.elements}};
  };
  const auto& root = *pickle::unpickle(text, document, storages, "input", vocabulary).root;
  Visitor().visit(root);
  taken([&] { plain_json(root, "input"); });
}

void read_torch(const std::filesystem::path& file) {
  taken([&] { Visitor().visit(*read_torch_file(file).root); });
  taken([&] {
    Visitor visitor;
    for (const auto& [name, tensor] : read_script_archive(file).tensors)
      visitor.load(tensor);
  });
}

void unpack(const std::filesystem::path& file) {
  const auto archive = std::make_shared<const Archive>(std::make_shared<const RandomFile>(file));
  for (const auto& [name, entry] : archive->entries()) {
    taken([&, &name = name] {
      EntryStream stream(archive, name);
      if (stream.size() > kLargest) return;
      std::string content(stream.size(), '\0');
      stream.read(content.data(), content.size());
    });
  }
}

void read_graph(std::string_view text) {
  const GraphDef graph{std::string(text), "input"};
  int loads = 0;
  for (const auto& [name, node] : graph.nodes()) {
    if (node.constant && ++loads < 100) taken([&, &name = name] { graph.load(name); });
  }
}

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  static const fuzz::MemoryFile memory;
  const auto text = fuzz::text_of(data, size);
  const auto file = memory.hold(text);
  bool is_torch = false;
  fuzz::taken([&] { is_torch = model::is_torch_file(file); });
  if (is_torch) {
    fuzz::read_torch(file);
    fuzz::taken([&] { fuzz::unpack(file); });
    return 0;
  }
  fuzz::taken([&] { model::read_safetensors(file); });
  fuzz::taken([&] { fuzz::read_pickle(text, model::pickle::Vocabulary::plain); });
  fuzz::taken([&] { fuzz::read_pickle(text, model::pickle::Vocabulary::script); });
  fuzz::taken([&] { fuzz::read_graph(text); });
  return 0;
}
