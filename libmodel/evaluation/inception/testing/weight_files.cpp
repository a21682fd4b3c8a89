#include "libmodel/evaluation/inception/testing/weight_files.hpp"

#include <ATen/ATen.h>

#include <fstream>
#include <map>

#include "libmodel/checkpoint/pickle/writer.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/evaluation/inception/layout.hpp"
#include "libmodel/evaluation/inception/testing/graph_writer.hpp"
#include "libmodel/evaluation/inception/testing/script_writer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

// A state dict as torch.save gets it.
pickle::Value state_dict(pickle::Document& document, const NamedTensors& tensors, bool plain) {
  pickle::Dict dict{.ordered = !plain, .attributes = nullptr};
  for (const auto& [name, tensor] : tensors) {
    if (plain && name.ends_with("num_batches_tracked")) continue;
    dict.items.emplace_back(document.make(name), document.make(pickle::record_of(tensor)));
  }
  if (plain) return {dict};
  pickle::Dict version, modules{.ordered = true, .attributes = nullptr}, attributes;
  version.items.emplace_back(document.make(std::string("version")), document.make(std::int64_t{1}));
  modules.items.emplace_back(document.make(std::string()), document.make(version));
  attributes.items.emplace_back(document.make(std::string("_metadata")), document.make(modules));
  dict.attributes = document.make(attributes);
  return {dict};
}

void append_number(std::string& text, std::int64_t number) {
  text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void write_legacy(const fs::path& file, const pickle::Value& root) {
  const pickle::Pickled object = pickle::pickle(root);
  std::string text = pickled("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickled("M\xe9\x03") +
                     pickled("}" + pickled_text("little_endian") + "\x88s") + object.text;
  std::string keys = "](";
  for (std::size_t i = 0; i < object.storages.size(); ++i)
    keys += pickled_text(std::to_string(i));
  text += pickled(keys + "e");
  for (const auto& storage : object.storages) {
    const at::Tensor flat = storage->view();
    append_number(text, flat.numel());
    text.append(static_cast<const char*>(flat.const_data_ptr()), flat.nbytes());
  }
  std::ofstream(file, std::ios::binary) << text;
}

using Tensors = std::map<std::string, at::Tensor>;

// The scales multiplied into kernels and means, so that batch normalisation without a scale gives the same.
Tensors fold_scales(const Tensors& tensors) {
  Tensors folded = tensors;
  for (const InceptionConvolution& one : inception_convolutions()) {
    const std::string module(one.module);
    const at::Tensor& scale = tensors.at(module + ".bn.weight");
    folded[module + ".conv.weight"] = tensors.at(module + ".conv.weight") * scale.view({-1, 1, 1, 1});
    folded[module + ".bn.running_mean"] = tensors.at(module + ".bn.running_mean") * scale;
  }
  return folded;
}

// TensorFlow's scope with dots, below mixed_9 and mixed_10 with underscores.
std::string script_scope(std::string scope) {
  const bool joined = scope.starts_with("mixed_9") || scope.starts_with("mixed_10");
  bool first = true;
  for (char& letter : scope) {
    if (letter != '/') continue;
    letter = joined && !first ? '_' : '.';
    first = false;
  }
  return scope;
}

void write_script(const fs::path& file, const Tensors& tensors) {
  const Tensors folded = fold_scales(tensors);
  NamedTensors named;
  for (const InceptionConvolution& one : inception_convolutions()) {
    const std::string module(one.module), layer = "layers." + script_scope(std::string(one.scope));
    named.emplace_back(layer + ".weight", folded.at(module + ".conv.weight"));
    named.emplace_back(layer + ".beta", folded.at(module + ".bn.bias"));
    named.emplace_back(layer + ".mean", folded.at(module + ".bn.running_mean"));
    named.emplace_back(layer + ".var", folded.at(module + ".bn.running_var"));
  }
  named.emplace_back("output.weight", folded.at("fc.weight"));
  named.emplace_back("output.bias", folded.at("fc.bias"));
  write_script_archive(file, named);
}

void write_graph(const fs::path& file, const Tensors& given, bool scaled) {
  const Tensors tensors = scaled ? given : fold_scales(given);
  std::ofstream stream(file, std::ios::binary);
  const auto constant = [&](const std::string& name, const at::Tensor& tensor) {
    stream << graph_constant(name, graph_tensor(tensor));
  };
  for (const InceptionConvolution& one : inception_convolutions()) {
    const std::string module(one.module), scope(one.scope), norm = scope + "/batchnorm";
    constant(scope + "/conv2d_params", tensors.at(module + ".conv.weight").permute({2, 3, 1, 0}));
    constant(norm + "/beta", tensors.at(module + ".bn.bias"));
    constant(norm + "/gamma", scaled ? tensors.at(module + ".bn.weight") : at::full({one.out}, 7));
    constant(norm + "/moving_mean", tensors.at(module + ".bn.running_mean"));
    constant(norm + "/moving_variance", tensors.at(module + ".bn.running_var"));
    stream << graph_node(norm, "BatchNormWithGlobalNormalization",
                         graph_attribute("variance_epsilon", wire_float(4, 0.001F)) +
                             graph_attribute("scale_after_normalization", wire_varint(5, scaled ? 1 : 0)));
  }
  constant("softmax/weights", tensors.at("fc.weight").t());
  constant("softmax/biases", tensors.at("fc.bias"));
}

}  // namespace

void write_weight_file(const fs::path& file, WeightLayout layout, const NamedTensors& named) {
  const Tensors tensors(named.begin(), named.end());
  pickle::Document document;
  switch (layout) {
    case WeightLayout::torch_legacy:
      return write_legacy(file, state_dict(document, named, false));
    case WeightLayout::torch_zip:
      return write_torch_file(file, state_dict(document, named, false));
    case WeightLayout::torch_plain:
      return write_torch_file(file, state_dict(document, named, true));
    case WeightLayout::script:
      return write_script(file, tensors);
    case WeightLayout::graph:
      return write_graph(file, tensors, true);
    case WeightLayout::graph_unscaled:
      return write_graph(file, tensors, false);
    case WeightLayout::safetensors:
      return write_safetensors(file, {.tensors = tensors, .metadata = {}});
  }
}

}  // namespace checkerlab::model
