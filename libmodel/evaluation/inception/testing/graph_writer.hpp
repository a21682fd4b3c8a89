// Protocol buffer messages of a GraphDef, put together by hand.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace checkerlab::model {

std::string wire_varint(std::uint32_t field, std::uint64_t value);
std::string wire_float(std::uint32_t field, float value);
// A string or a message.
std::string wire_bytes(std::uint32_t field, std::string_view bytes);

// An entry of a node's attributes, given the AttrValue.
std::string graph_attribute(std::string_view name, std::string_view value);
// A NodeDef inside a GraphDef.
std::string graph_node(std::string_view name, std::string_view operation, std::string_view attributes);
// A TensorProto: fp32 with its values as raw bytes.
std::string graph_tensor(const at::Tensor& tensor);
// A node of operation Const, given the TensorProto.
std::string graph_constant(std::string_view name, std::string_view tensor);

}  // namespace checkerlab::model
