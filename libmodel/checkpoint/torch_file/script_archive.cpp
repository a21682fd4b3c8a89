#include "libmodel/checkpoint/torch_file/script_archive.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/torch_file/formats.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"

namespace checkerlab::model {
namespace {

// Objects may contain each other, so that a walk over them need not end.
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxVisits = 100'000;
constexpr std::size_t kMaxName = 200;  // of an attribute; longer ones are not a program's

class Walk {
 public:
  Walk(const std::string& where, ScriptTensors& found) : where_(where), found_(found) {}

  void visit(const pickle::Value& value, const std::string& name, int depth) {
    if (depth > kMaxDepth || ++visits_ > kMaxVisits)
      throw Error(ErrorCode::too_large, where_ + ": its objects are nested without end",
                  "Make or fetch the file again");
    if (const auto* record = value.as<pickle::TensorRecord>()) found_.tensors.emplace_back(name, *record);
    const auto* object = value.as<pickle::Object>();
    const auto* attributes = object == nullptr ? nullptr : object->state->as<pickle::Dict>();
    if (attributes == nullptr) return;
    for (const auto& [key, item] : attributes->items) {
      const auto* attribute = key->as<std::string>();
      if (attribute != nullptr && attribute->size() <= kMaxName)
        visit(*item, name.empty() ? *attribute : name + "." + *attribute, depth + 1);
    }
  }

 private:
  const std::string& where_;
  ScriptTensors& found_;
  std::size_t visits_ = 0;
};

}  // namespace

bool is_script_archive(const std::filesystem::path& path) {
  const auto file = std::make_shared<const RandomFile>(path);
  return Archive::recognises(*file) && holds_program(Archive(file));
}

ScriptTensors read_script_archive(const std::filesystem::path& path) {
  const TorchFile file = read_zip_format(std::make_shared<const RandomFile>(path), true);
  ScriptTensors found{.document = file.document, .tensors = {}};
  Walk(path.string(), found).visit(*file.root, "", 0);
  return found;
}

}  // namespace checkerlab::model
