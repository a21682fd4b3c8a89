#include "libmodel/evaluation/inception/graph_source.hpp"

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

class GraphNames final : public WeightSource {
 public:
  GraphNames(std::unique_ptr<GraphDef> graph, std::string where) : graph_(std::move(graph)), where_(std::move(where)) {}

  std::string name(const InceptionConvolution& convolution, ConvolutionPart part) const override {
    const std::string scope(convolution.scope);
    switch (part) {
      case ConvolutionPart::kernel:
        return scope + "/conv2d_params";
      case ConvolutionPart::scale:
        return scope + "/batchnorm/gamma";
      case ConvolutionPart::shift:
        return scope + "/batchnorm/beta";
      case ConvolutionPart::mean:
        return scope + "/batchnorm/moving_mean";
      default:
        return scope + "/batchnorm/moving_variance";
    }
  }
  std::string class_kernel() const override { return "softmax/weights"; }
  std::string class_bias() const override { return "softmax/biases"; }
  TensorShape stored(const TensorShape& shape) const override {
    if (shape.size() == 4) return {shape[2], shape[3], shape[1], shape[0]};
    return {shape.rbegin(), shape.rend()};
  }

  std::optional<TensorShape> shape(const std::string& name) const override {
    const GraphNode* node = graph_->find(name);
    return node == nullptr || !node->constant ? std::nullopt : std::optional(node->constant->shape);
  }
  at::Tensor load(const std::string& name) const override {
    const at::Tensor tensor = graph_->load(name);
    if (tensor.dim() == 4) return tensor.permute({3, 2, 0, 1});
    return tensor.dim() == 2 ? tensor.t() : tensor;
  }
  // A graph holds whatever else it computes with.
  std::vector<std::string> unknown(const std::vector<std::string>&) const override { return {}; }

  bool scaled(const InceptionConvolution& convolution) const override {
    return attribute(convolution, &GraphNode::switches, "scale_after_normalization");
  }
  double epsilon(const InceptionConvolution& convolution) const override {
    const float epsilon = attribute(convolution, &GraphNode::numbers, "variance_epsilon");
    if (!(epsilon > 0 && epsilon < 1)) refuse(normalisation(convolution), "a variance_epsilon out of range");
    // The node has it in fp32; 0.001 is what was meant.
    return epsilon == static_cast<float>(kInceptionEpsilon) ? kInceptionEpsilon : static_cast<double>(epsilon);
  }

 private:
  static std::string normalisation(const InceptionConvolution& convolution) {
    return std::string(convolution.scope) + "/batchnorm";
  }
  [[noreturn]] void refuse(const std::string& node, const std::string& what) const {
    throw Error(ErrorCode::invalid_data,
                where_ + " does not fit the FID Inception of 2015-12-05: its node " + node + " has " + what,
                kNetworkFilesAccepted);
  }
  template <typename Value>
  Value attribute(const InceptionConvolution& convolution, const std::map<std::string, Value> GraphNode::*values,
                  const std::string& name) const {
    const std::string node = normalisation(convolution);
    const GraphNode* found = graph_->find(node);
    if (found == nullptr)
      throw Error(ErrorCode::invalid_data,
                  where_ + " does not fit the FID Inception of 2015-12-05: it has no node " + node,
                  kNetworkFilesAccepted);
    const auto value = (found->*values).find(name);
    if (value == (found->*values).end()) refuse(node, "no attribute " + name);
    return value->second;
  }

  std::unique_ptr<GraphDef> graph_;
  std::string where_;
};

}  // namespace

std::unique_ptr<WeightSource> graph_names(std::unique_ptr<GraphDef> graph, std::string where) {
  return std::make_unique<GraphNames>(std::move(graph), std::move(where));
}

}  // namespace checkerlab::model
