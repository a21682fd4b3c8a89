#include "libmodel/evaluation/inception/testing/script_writer.hpp"

#include <ATen/ATen.h>

#include <map>

#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/checkpoint/zip/writer.hpp"

namespace checkerlab::model {
namespace {

std::string pickled_integer(std::int64_t value) {
  const auto number = static_cast<std::int32_t>(value);
  return std::string("J").append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string pickled_integers(at::IntArrayRef values) {
  std::string text = "(";
  for (const std::int64_t value : values)
    text += pickled_integer(value);
  return text + "t";
}

std::string pickled_tensor(const at::Tensor& tensor, std::size_t storage) {
  const std::string id = "(" + pickled_text("storage") + pickled_global("torch", "FloatStorage") +
                         pickled_text(std::to_string(storage)) + pickled_text("cpu") + pickled_integer(tensor.numel()) +
                         "tQ";
  return pickled_global("torch._utils", "_rebuild_tensor_v2") + "(" + id + pickled_integer(0) +
         pickled_integers(tensor.sizes()) + pickled_integers(tensor.strides()) + "\x89" +
         pickled_global("collections", "OrderedDict") + ")RtR";
}

struct Module {
  std::map<std::string, Module> modules;
  std::map<std::string, std::string> tensors;  // pickled

  std::string pickled(int number) const {
    std::string text =
        pickled_global("__torch__.network.___torch_mangle_" + std::to_string(number), "Part") + ")\x81}(";
    for (const auto& [name, tensor] : tensors)
      text += pickled_text(name) + tensor;
    for (const auto& [name, module] : modules)
      text += pickled_text(name) + module.pickled(number + 1);
    text += pickled_text("training") + "\x89" + pickled_text("_is_full_backward_hook") + "N";
    text += pickled_text("sizes") + pickled_global("torch.jit._pickle", "restore_type_tag") + "(](K\x01K\x02" + "e" +
            pickled_text("List[int]") + "tR";
    return text + "ub";
  }
};

}  // namespace

void write_script_archive(const std::filesystem::path& file, const NamedTensors& tensors) {
  Module root;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Module* module = &root;
    std::string name = tensors[i].first;
    for (auto dot = name.find('.'); dot != std::string::npos; dot = name.find('.')) {
      module = &module->modules[name.substr(0, dot)];
      name.erase(0, dot + 1);
    }
    module->tensors[name] = pickled_tensor(tensors[i].second.contiguous(), i);
  }
  ArchiveWriter archive(file);
  const std::string prefix = file.stem().string() + "/";
  archive.add(prefix + "data.pkl", pickled(root.pickled(0)));
  archive.add(prefix + "code/__torch__/network.py", "raise SystemExit('a program was run')\n");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor values = tensors[i].second.contiguous();
    archive.add(prefix + "data/" + std::to_string(i), values.const_data_ptr(), values.nbytes());
  }
  archive.add(prefix + "constants.pkl", pickled(")"));
  archive.add(prefix + "version", "3\n");
  archive.commit();
}

}  // namespace checkerlab::model
