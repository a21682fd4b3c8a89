#include "libmodel/evaluation/inception/testing/graph_writer.hpp"

namespace checkerlab::model {
namespace {

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>((value & 0x7f) | 0x80);
  return bytes + static_cast<char>(value);
}

std::string key(std::uint32_t field, unsigned type) {
  return varint(std::uint64_t{field} << 3 | type);
}

}  // namespace

std::string wire_varint(std::uint32_t field, std::uint64_t value) {
  return key(field, 0) + varint(value);
}

std::string wire_float(std::uint32_t field, float value) {
  return key(field, 5).append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string wire_bytes(std::uint32_t field, std::string_view bytes) {
  return (key(field, 2) + varint(bytes.size())).append(bytes);
}

std::string graph_attribute(std::string_view name, std::string_view value) {
  return wire_bytes(5, wire_bytes(1, name) + wire_bytes(2, value));
}

std::string graph_node(std::string_view name, std::string_view operation, std::string_view attributes) {
  return wire_bytes(1, wire_bytes(1, name) + wire_bytes(2, operation) + std::string(attributes));
}

std::string graph_tensor(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kFloat).contiguous();
  std::string shape;
  for (const std::int64_t size : values.sizes())
    shape += wire_bytes(2, wire_varint(1, static_cast<std::uint64_t>(size)));
  return wire_varint(1, 1) + wire_bytes(2, shape) +
         wire_bytes(4, {static_cast<const char*>(values.const_data_ptr()), values.nbytes()});
}

std::string graph_constant(std::string_view name, std::string_view tensor) {
  return graph_node(name, "Const",
                    graph_attribute("dtype", wire_varint(6, 1)) + graph_attribute("value", wire_bytes(8, tensor)));
}

}  // namespace checkerlab::model
