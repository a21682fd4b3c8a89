#include "libmodel/trace/inputs.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr std::uint64_t kNormRowSeed = 9;

[[noreturn]] void refuse(const std::string& name, const std::string& what, const std::string& fix) {
  throw Error(ErrorCode::invalid_argument, "trace inputs: '" + name + "' " + what, fix);
}

std::string shape_text(const at::Tensor& tensor) {
  return c10::str(tensor.sizes(), " of ", tensor.scalar_type());
}

// Counts the items of the first input and holds the others to it.
struct BatchSize {
  std::int64_t items = 0;
  void check(const std::string& name, const at::Tensor& tensor) {
    if (items == 0) items = tensor.size(0);
    if (tensor.size(0) == 0) refuse(name, "has no items", "Give at least one");
    if (tensor.size(0) != items)
      refuse(name, "has " + std::to_string(tensor.size(0)) + " items, other inputs have " + std::to_string(items),
             "Give all inputs the same number of items");
  }
};

void check_range(const std::string& name, const at::Tensor& values, std::int64_t end, const std::string& what) {
  if (values.numel() == 0) refuse(name, "has no items", "Give at least one");
  const auto least = values.min().item<std::int64_t>(), most = values.max().item<std::int64_t>();
  if (least < 0 || most >= end)
    refuse(
        name,
        "holds the " + what + " " + std::to_string(least < 0 ? least : most) + ", the model has " + std::to_string(end),
        "Use 0 to " + std::to_string(end - 1));
}

at::Tensor read_labels(const at::Tensor& labels, const ModelConfig& config) {
  if (labels.dim() != 1 || labels.scalar_type() != at::kLong)
    refuse("labels", "is " + shape_text(labels), "It must be a list of int64");
  check_range("labels", labels, config.classes + 1, "label");
  return labels;
}

at::Tensor read_tokens(const std::string& name, const at::Tensor& tokens, int side, const ModelConfig& config) {
  if (tokens.dim() != 3 || tokens.size(1) != side || tokens.size(2) != side || tokens.scalar_type() != at::kLong)
    refuse(name, "is " + shape_text(tokens),
           "It must be items × " + std::to_string(side) + " × " + std::to_string(side) + " of int64");
  check_range(name, tokens, config.codes, "token");
  return tokens;
}

at::Tensor read_image(const at::Tensor& image, const ModelConfig& config, std::optional<std::int64_t> stride) {
  if (image.dim() != 4 || image.size(1) != 3 || !image.is_floating_point() || image.size(2) != image.size(3))
    refuse("image", "is " + shape_text(image), "It must be items × 3 × side × side of a floating type, in −1 … 1");
  if (stride && image.size(2) % *stride != 0)
    refuse("image",
           "has a side of " + std::to_string(image.size(2)) + " pixels, no multiple of the tokenizer's stride " +
               std::to_string(*stride),
           "Give images of " + std::to_string(config.grid() * *stride) + " pixels");
  if (stride && image.size(2) != config.grid() * *stride)
    refuse("image", "has a side of " + std::to_string(image.size(2)) + " pixels",
           "The model's grid of " + std::to_string(config.grid()) + " tokens with the stride " +
               std::to_string(*stride) + " takes " + std::to_string(config.grid() * *stride));
  const at::Tensor values = image.to(at::kFloat);
  if (!values.isfinite().all().item<bool>()) refuse("image", "holds NaN or infinity", "Give finite pixels");
  return values;
}

at::Tensor default_norm_rows(const ModelConfig& config) {
  const auto generator = at::detail::createCPUGenerator(kNormRowSeed);
  const at::Tensor sizes = at::tensor({1e-4F, 1e-3F, 1e-2F, 1.0F}).unsqueeze(1);
  return at::randn({4, config.width}, generator) * sizes;
}

at::Tensor read_norm_rows(const at::Tensor& rows, const ModelConfig& config) {
  if (rows.dim() < 1 || rows.size(-1) != config.width || !rows.is_floating_point())
    refuse("rmsnorm.in", "is " + shape_text(rows),
           "Its rows must have the model's width " + std::to_string(config.width));
  return rows.to(at::kFloat);
}

}  // namespace

TokenBatch TraceInputs::batch() const {
  TokenBatch batch{.tokens = {}, .sources = {}, .labels = labels};
  for (const at::Tensor& scale : tokens) {
    batch.tokens.push_back(scale.flatten(1));
  }
  batch.sources = batch.tokens;
  return batch;
}

TraceInputs read_trace_inputs(const TensorFile& file, const ModelConfig& config, std::optional<std::int64_t> stride,
                              c10::Device device) {
  TraceInputs inputs;
  BatchSize batch;
  std::map<std::string, at::Tensor> rest = file.tensors;
  const auto take = [&](const std::string& name) {
    const auto found = rest.extract(name);
    return found ? found.mapped() : at::Tensor();
  };
  const at::Tensor labels = take("labels"), image = take("image"), rows = take("rmsnorm.in");
  if (labels.defined()) {
    inputs.labels = read_labels(labels, config).to(device);
    batch.check("labels", labels);
  }
  if (image.defined()) {
    inputs.image = read_image(image, config, stride).to(device);
    batch.check("image", image);
  }
  const bool any_tokens =
      rest.lower_bound("tokens.") != rest.end() && rest.lower_bound("tokens.")->first.starts_with("tokens.");
  for (const int side : any_tokens ? config.sizes : std::vector<int>{}) {
    const std::string name = "tokens." + std::to_string(side);
    const at::Tensor tokens = take(name);
    if (!tokens.defined()) refuse(name, "is missing", "The model has a scale of that side");
    inputs.tokens.push_back(read_tokens(name, tokens, side, config).to(device));
    batch.check(name, tokens);
  }
  inputs.norm_rows = (rows.defined() ? read_norm_rows(rows, config) : default_norm_rows(config)).to(device);
  for (const auto& [name, tensor] : rest) {
    if (name.starts_with("tokens."))
      refuse(name, "fits none of the model's scales", "Give the tokens of this model's pyramid");
    inputs.notes.push_back("the input '" + name + "' is not used");
  }
  return inputs;
}

}  // namespace checkerlab::model
