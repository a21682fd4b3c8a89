#include "libmodel/checkpoint/graph_def/graph_def.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "libmodel/checkpoint/testing/mutate.hpp"
#include "libmodel/evaluation/inception/testing/graph_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

void refuses(const std::string& text, const std::string& message) {
  expect_error(ErrorCode::invalid_data, message, [&] { GraphDef(text, "test.pb"); });
}

// A TensorProto of a shape with fp32 values given as a list.
std::string listed(std::initializer_list<std::uint64_t> shape, const std::string& values, std::uint64_t type = 1) {
  std::string sizes;
  for (const std::uint64_t size : shape)
    sizes += wire_bytes(2, wire_varint(1, size));
  return wire_varint(1, type) + wire_bytes(2, sizes) + values;
}

at::Tensor load(const std::string& tensor) {
  return GraphDef(graph_constant("x", tensor), "test.pb").load("x");
}

TEST(GraphDefFile, HoldsNodesWithTheirAttributes) {
  const GraphDef graph(
      graph_node("norm", "BatchNorm",
                 graph_attribute("epsilon", wire_float(4, 0.25F)) + graph_attribute("on", wire_varint(5, 1)) +
                     graph_attribute("off", wire_varint(5, 0))) +
          graph_constant("x", graph_tensor(at::ones({2, 3}))) + wire_bytes(4, wire_varint(1, 9)),
      "test.pb");
  EXPECT_EQ(graph.nodes().size(), 2U);
  const GraphNode* norm = graph.find("norm");
  ASSERT_NE(norm, nullptr);
  EXPECT_EQ(norm->operation, "BatchNorm");
  EXPECT_EQ(norm->numbers.at("epsilon"), 0.25F);
  EXPECT_TRUE(norm->switches.at("on"));
  EXPECT_FALSE(norm->switches.at("off"));
  EXPECT_EQ(graph.find("absent"), nullptr);
  EXPECT_TRUE(graph.load("x").equal(at::ones({2, 3})));
}

TEST(GraphDefFile, HoldsConstantsInEveryForm) {
  const std::string packed = wire_bytes(5, std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  EXPECT_TRUE(load(listed({2}, packed)).equal(at::tensor({1.0F, 2.0F})));
  EXPECT_TRUE(load(listed({2}, wire_float(5, 1) + wire_float(5, 2))).equal(at::tensor({1.0F, 2.0F})));
  EXPECT_TRUE(load(listed({3}, packed)).equal(at::tensor({1.0F, 2.0F, 2.0F}))) << "the last value is repeated";
  EXPECT_EQ(load(listed({}, wire_float(5, 4))).item<float>(), 4);
}

TEST(GraphDefFile, RefusesConstantsThatDoNotFit) {
  const auto refused = [](const std::string& tensor, const std::string& message) {
    expect_error(ErrorCode::invalid_data, message, [&] { load(tensor); });
  };
  refused(listed({3}, wire_bytes(4, "12345678")), "the values of its node 'x' do not fill its shape");
  refused(listed({1}, wire_float(5, 1) + wire_float(5, 2)), "do not fill its shape");
  refused(listed({2}, ""), "do not fill its shape");
  refused(listed({2}, wire_float(5, 1), 2), "TensorFlow's type 2, not fp32");
  refused(listed({1U << 31, 1U << 31, 1U << 31}, wire_float(5, 1)), "do not fill its shape");
  refused(listed({1U << 30, 1U << 10}, wire_float(5, 1)), "far larger than its values");
  refused(listed({~std::uint64_t{0}}, wire_float(5, 1)), "shape is not known");
  refused(listed({2}, wire_bytes(5, "12345")), "a list of numbers is broken");
  expect_error(ErrorCode::invalid_data, "'y' is not a constant",
               [] { GraphDef(graph_node("y", "Relu", ""), "test.pb").load("y"); });
}

TEST(GraphDefFile, RefusesBrokenMessages) {
  refuses("", "test.pb is not a usable TensorFlow graph: it holds no nodes");
  refuses(
      "\x0a\x7f"
      "abc",
      "it ends within a field");
  refuses("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "it ends within a field");
  refuses(std::string(11, '\xff'), "a number does not end");
  refuses("\x0b", "wire type 3");
  refuses(std::string("\0\0", 2), "a field has the number 0");
  refuses(graph_node("a", "X", "") + graph_node("a", "X", ""), "two nodes are called 'a'");
}

// Every mutation ends in an Error or in values.
TEST(GraphDefFile, SurvivesMutations) {
  const std::string original = graph_constant("x", graph_tensor(at::ones({2, 3}))) +
                               graph_constant("y", listed({4}, wire_float(5, 1))) +
                               graph_node("norm", "BatchNorm", graph_attribute("epsilon", wire_float(4, 0.25F)));
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    try {
      const GraphDef graph(Mutator(seed).mutate(original), "test.pb");
      for (const auto& [name, node] : graph.nodes())
        graph.load(name);
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::internal) << "seed " << seed << ": " << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace checkerlab::model
