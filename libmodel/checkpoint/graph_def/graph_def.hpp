// TensorFlow's GraphDef (.pb): its nodes by name, with the constants and the few attributes that weights need. Nothing
// of the graph is run. Everything is checked against the file's size; a graph of other contents reads as nodes that
// nobody asks for.
//
// Format: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::model {

// A constant's values: raw bytes, or a list whose last value is repeated until the shape is full.
struct GraphTensor {
  std::int64_t type = 0;  // TensorFlow's number; 1 is fp32
  std::vector<std::int64_t> shape;
  std::string_view content;  // points into the graph's text
  std::vector<float> values;
};

struct GraphNode {
  std::string operation;
  std::map<std::string, float> numbers;  // attributes of type float
  std::map<std::string, bool> switches;  // attributes of type bool
  std::optional<GraphTensor> constant;   // of a Const
};

// Owns the text. Not copyable: constants point into it.
class GraphDef {
 public:
  // `where` names the file in errors. Throws Error: invalid_data (broken), too_large (above a million nodes).
  GraphDef(std::string text, std::string where);
  GraphDef(const GraphDef&) = delete;
  GraphDef& operator=(const GraphDef&) = delete;

  const std::map<std::string, GraphNode>& nodes() const { return nodes_; }
  // nullptr where there is none.
  const GraphNode* find(const std::string& name) const;
  // The values of a constant, in its shape. Throws Error(invalid_data) naming the node for one that is not fp32, or
  // whose values do not fill its shape.
  at::Tensor load(const std::string& name) const;

 private:
  void read_node(std::string_view text);
  [[noreturn]] void refuse(const std::string& what) const;

  std::string text_, where_;
  std::map<std::string, GraphNode> nodes_;
};

}  // namespace checkerlab::model
