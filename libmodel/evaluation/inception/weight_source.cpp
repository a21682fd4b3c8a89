#include "libmodel/evaluation/inception/weight_source.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/released/tensor_report.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kNamesShown = 8;  // of each kind: another network has none of the hundreds

class Shapes {
 public:
  explicit Shapes(const WeightSource& source) : source_(source) {}

  void expect(const std::string& name, const TensorShape& shape) {
    known_.push_back(name);
    const TensorShape stored = source_.stored(shape);
    const auto found = source_.shape(name);
    if (!found) {
      report_.missing(name, stored);
    } else if (*found != stored) {
      report_.mis_shaped(name, *found, stored);
    }
  }
  void raise(const std::string& where) {
    for (const std::string& name : source_.unknown(known_))
      report_.unknown(name, source_.shape(name).value_or(TensorShape()));
    report_.raise(where, "the FID Inception of 2015-12-05", kNetworkFilesAccepted, kNamesShown);
  }

 private:
  const WeightSource& source_;
  TensorReport report_;
  std::vector<std::string> known_;
};

void check_shapes(const WeightSource& source, const std::string& where) {
  Shapes shapes(source);
  for (const InceptionConvolution& one : inception_convolutions()) {
    shapes.expect(source.name(one, ConvolutionPart::kernel), one.shape());
    if (source.scaled(one)) shapes.expect(source.name(one, ConvolutionPart::scale), {one.out});
    for (const auto part : {ConvolutionPart::shift, ConvolutionPart::mean, ConvolutionPart::variance})
      shapes.expect(source.name(one, part), {one.out});
  }
  shapes.expect(source.class_kernel(), {kInceptionClasses, kInceptionWidth});
  shapes.expect(source.class_bias(), {kInceptionClasses});
  shapes.raise(where);
}

}  // namespace

const char* const kNetworkFilesAccepted =
    "Accepted are pt_inception-2015-12-05-6726825d.pth (PyTorch, either of its formats), inception-2015-12-05.pt "
    "(TorchScript), classify_image_graph_def.pb (TensorFlow), safetensors with the names of the .pth, and metric "
    "networks of this program";

InceptionWeights load_weights(const WeightSource& source, const std::string& where) {
  check_shapes(source, where);
  const auto load = [&](const std::string& name) { return source.load(name).to(at::kFloat).contiguous(); };
  InceptionWeights weights;
  for (const InceptionConvolution& one : inception_convolutions()) {
    const auto part = [&](ConvolutionPart which) { return load(source.name(one, which)); };
    weights.convolutions.push_back({.kernel = part(ConvolutionPart::kernel),
                                    .scale = source.scaled(one) ? part(ConvolutionPart::scale) : at::Tensor(),
                                    .shift = part(ConvolutionPart::shift),
                                    .mean = part(ConvolutionPart::mean),
                                    .variance = part(ConvolutionPart::variance),
                                    .epsilon = source.epsilon(one)});
  }
  weights.class_kernel = load(source.class_kernel());
  weights.class_bias = load(source.class_bias());
  check_values(weights, where);
  return weights;
}

}  // namespace checkerlab::model
