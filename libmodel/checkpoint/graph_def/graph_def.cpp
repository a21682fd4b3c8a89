#include "libmodel/checkpoint/graph_def/graph_def.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "libmodel/checkpoint/graph_def/wire.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kMaxNodes = 1'000'000, kMaxDimensions = 16;
constexpr std::int64_t kFloat = 1;  // DT_FLOAT
constexpr const char* kFix = "Copy or download it again";

// Field numbers of the messages.
namespace graph {
constexpr std::uint32_t kNode = 1;
}
namespace node {
constexpr std::uint32_t kName = 1, kOperation = 2, kAttribute = 5;
}
namespace entry {
constexpr std::uint32_t kKey = 1, kValue = 2;
}
namespace attribute {
constexpr std::uint32_t kNumber = 4, kSwitch = 5, kTensor = 8;
}
namespace tensor {
constexpr std::uint32_t kType = 1, kShape = 2, kContent = 4, kFloats = 5;
}
namespace shape {
constexpr std::uint32_t kDimension = 2;
}
namespace dimension {
constexpr std::uint32_t kSize = 1;
}

float as_float(std::uint64_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}

std::int64_t read_dimension(std::string_view text, const std::string& where) {
  WireReader reader(text, where);
  std::int64_t size = 0;  // what stands for a field that is left out
  for (WireField field; reader.next(field);) {
    if (field.number == dimension::kSize && field.type == WireType::varint)
      size = static_cast<std::int64_t>(field.value);
  }
  if (size < 0) reader.refuse("a constant's shape is not known");
  return size;
}

std::vector<std::int64_t> read_shape(std::string_view text, const std::string& where) {
  WireReader reader(text, where);
  std::vector<std::int64_t> sizes;
  for (WireField field; reader.next(field);) {
    if (field.number != shape::kDimension || field.type != WireType::bytes) continue;
    if (sizes.size() == kMaxDimensions) reader.refuse("a constant has too many dimensions");
    sizes.push_back(read_dimension(field.bytes, where));
  }
  return sizes;
}

void read_floats(const WireField& field, const WireReader& reader, std::vector<float>& values) {
  if (field.type == WireType::fixed32) {
    values.push_back(as_float(field.value));
    return;
  }
  if (field.type != WireType::bytes || field.bytes.size() % sizeof(float) != 0)
    reader.refuse("a list of numbers is broken");
  const std::size_t before = values.size();
  values.resize(before + field.bytes.size() / sizeof(float));
  if (!field.bytes.empty()) std::memcpy(values.data() + before, field.bytes.data(), field.bytes.size());
}

GraphTensor read_tensor(std::string_view text, const std::string& where) {
  WireReader reader(text, where);
  GraphTensor result;
  for (WireField field; reader.next(field);) {
    if (field.number == tensor::kType && field.type == WireType::varint) {
      result.type = static_cast<std::int64_t>(field.value);
    } else if (field.number == tensor::kShape && field.type == WireType::bytes) {
      result.shape = read_shape(field.bytes, where);
    } else if (field.number == tensor::kContent && field.type == WireType::bytes) {
      result.content = field.bytes;
    } else if (field.number == tensor::kFloats) {
      read_floats(field, reader, result.values);
    }
  }
  return result;
}

void read_value(std::string_view text, const std::string& name, GraphNode& into, const std::string& where) {
  WireReader reader(text, where);
  for (WireField field; reader.next(field);) {
    if (field.number == attribute::kNumber && field.type == WireType::fixed32) {
      into.numbers[name] = as_float(field.value);
    } else if (field.number == attribute::kSwitch && field.type == WireType::varint) {
      into.switches[name] = field.value != 0;
    } else if (field.number == attribute::kTensor && field.type == WireType::bytes && name == "value") {
      into.constant = read_tensor(field.bytes, where);
    }
  }
}

void read_attribute(std::string_view text, GraphNode& into, const std::string& where) {
  WireReader reader(text, where);
  std::string name;
  std::string_view value;
  for (WireField field; reader.next(field);) {
    if (field.type != WireType::bytes) continue;
    if (field.number == entry::kKey) name = field.bytes;
    if (field.number == entry::kValue) value = field.bytes;
  }
  read_value(value, name, into, where);
}

// How many values a shape has. The sizes are not trusted.
std::optional<std::int64_t> count_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(count, size, &count)) return std::nullopt;
  }
  return count;
}

}  // namespace

GraphDef::GraphDef(std::string text, std::string where) : text_(std::move(text)), where_(std::move(where)) {
  WireReader reader(text_, where_);
  for (WireField field; reader.next(field);) {
    if (field.number == graph::kNode && field.type == WireType::bytes) read_node(field.bytes);
  }
  if (nodes_.empty()) refuse("it holds no nodes");
}

void GraphDef::refuse(const std::string& what) const {
  throw Error(ErrorCode::invalid_data, where_ + " is not a usable TensorFlow graph: " + what, kFix);
}

void GraphDef::read_node(std::string_view text) {
  WireReader reader(text, where_);
  std::string name;
  GraphNode read;
  for (WireField field; reader.next(field);) {
    if (field.type != WireType::bytes) continue;
    if (field.number == node::kName) name = field.bytes;
    if (field.number == node::kOperation) read.operation = field.bytes;
    if (field.number == node::kAttribute) read_attribute(field.bytes, read, where_);
  }
  if (nodes_.size() == kMaxNodes)
    throw Error(ErrorCode::too_large, where_ + ": a graph of more than " + std::to_string(kMaxNodes) + " nodes");
  if (!nodes_.emplace(name, std::move(read)).second) refuse("two nodes are called '" + printable(name) + "'");
}

const GraphNode* GraphDef::find(const std::string& name) const {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? nullptr : &found->second;
}

at::Tensor GraphDef::load(const std::string& name) const {
  const GraphNode* found = find(name);
  const std::string shown = "its node '" + printable(name) + "'";
  if (found == nullptr || !found->constant) refuse(shown + " is not a constant");
  const GraphTensor& constant = *found->constant;
  if (constant.type != kFloat)
    refuse(shown + " holds values of TensorFlow's type " + std::to_string(constant.type) + ", not fp32 (1)");
  const auto count = count_of(constant.shape);
  const std::uint64_t bytes = constant.content.size(), listed = constant.values.size();
  const bool fits =
      count && (bytes > 0 ? bytes / sizeof(float) == static_cast<std::uint64_t>(*count) && bytes % sizeof(float) == 0
                          : listed > 0 && listed <= static_cast<std::uint64_t>(*count));
  if (!fits) refuse("the values of " + shown + " do not fill its shape");
  // A single value may stand for many: what it is repeated to must be in proportion to the file.
  constexpr std::int64_t kMostRepeated = 1 << 24;
  if (bytes == 0 && *count > kMostRepeated) refuse(shown + " is far larger than its values");
  at::Tensor tensor = at::empty(constant.shape, at::kFloat);
  auto* into = tensor.mutable_data_ptr<float>();
  if (bytes > 0) {
    std::memcpy(into, constant.content.data(), bytes);
  } else {
    std::fill(std::copy(constant.values.begin(), constant.values.end(), into), into + *count, constant.values.back());
  }
  return tensor;
}

}  // namespace checkerlab::model
