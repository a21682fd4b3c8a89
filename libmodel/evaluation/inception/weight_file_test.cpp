#include "libmodel/evaluation/inception/weight_file.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/evaluation/inception/testing/graph_writer.hpp"
#include "libmodel/evaluation/inception/testing/weight_files.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

const NamedTensors& tensors_of_salt_1() {
  static const NamedTensors tensors = formula_tensors(1);
  return tensors;
}

at::Tensor& tensor(NamedTensors& tensors, const std::string& name) {
  for (auto& [found, value] : tensors) {
    if (found == name) return value;
  }
  throw std::out_of_range(name);
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

class InceptionFile : public testing::TestWithParam<WeightLayout> {
 protected:
  TemporaryFolder folder;
  fs::path file = folder.path() / "network";
};

bool folds_scales(WeightLayout layout) {
  return layout == WeightLayout::script || layout == WeightLayout::graph_unscaled;
}

void expect_equal(const InceptionWeights& found, const InceptionWeights& expected) {
  for (std::size_t i = 0; i < expected.convolutions.size(); ++i) {
    const ConvolutionWeights &a = found.convolutions[i], &b = expected.convolutions[i];
    EXPECT_TRUE(a.kernel.equal(b.kernel) && a.shift.equal(b.shift) && a.mean.equal(b.mean) &&
                a.variance.equal(b.variance) && a.scale.equal(b.scale) && a.epsilon == b.epsilon)
        << inception_convolutions()[i].module;
  }
}

TEST_P(InceptionFile, GivesTheSameFeatures) {
  write_weight_file(file, GetParam(), tensors_of_salt_1());
  const InceptionWeights weights = read_inception_weights(file);
  EXPECT_TRUE(weights.class_kernel.equal(tensors_of_salt_1().end()[-2].second));
  EXPECT_TRUE(weights.class_bias.equal(tensors_of_salt_1().end()[-1].second));
  if (!folds_scales(GetParam())) return expect_equal(weights, formula_weights(1));
  // Scales that were folded in leave other tensors; what they compute is the same.
  EXPECT_FALSE(weights.convolutions[0].scale.defined());
  const auto network = open_feature_network(file, at::kCPU);
  NullObserver observer;
  const auto& golden = inception_golden();
  const NetworkFeatures features = network->compute(golden.images[5], 1, observer);
  EXPECT_LT(largest_difference(features.pool, golden.at("pool3").slice(0, 5, 6)), 1e-4);
  EXPECT_LT(largest_difference(features.spatial, golden.at("spatial").slice(0, 5, 6)), 1e-4);
  EXPECT_LT(largest_difference(features.logits, golden.at("logits_nobias").slice(0, 5, 6)), 3e-4);
}

TEST_P(InceptionFile, NamesAFileThatWasCutOff) {
  write_weight_file(file, GetParam(), tensors_of_salt_1());
  for (const std::uintmax_t bytes : {fs::file_size(file) - 100, fs::file_size(file) / 2, std::uintmax_t{1000}}) {
    fs::resize_file(file, bytes);
    expect_error(ErrorCode::invalid_data, file.string(), [&] { read_inception_weights(file); });
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, InceptionFile,
                         testing::Values(WeightLayout::torch_legacy, WeightLayout::torch_zip, WeightLayout::torch_plain,
                                         WeightLayout::script, WeightLayout::graph, WeightLayout::graph_unscaled,
                                         WeightLayout::safetensors));

class WrongNetwork : public testing::Test {
 protected:
  TemporaryFolder folder;
  fs::path file = folder.path() / "network.pth";
  NamedTensors tensors = tensors_of_salt_1();

  void refused(const std::string& message, ErrorCode code = ErrorCode::invalid_data) {
    expect_error(code, message, [&] { open_feature_network(file, at::kCPU); });
    expect_error(code, "network.pth", [&] { open_feature_network(file, at::kCPU); });
  }
  void refused_tensors(const std::string& message, ErrorCode code = ErrorCode::invalid_data) {
    write_weight_file(file, WeightLayout::safetensors, tensors);
    refused(message, code);
  }
};

TEST_F(WrongNetwork, TellsAllTensorsThatDiffer) {
  tensor(tensors, "fc.weight") = at::zeros({1000, 2048});
  tensors.erase(tensors.begin());
  tensors.emplace_back("AuxLogits.fc.weight", at::zeros({1000, 768}));
  refused_tensors(
      "1 tensor missing: Conv2d_1a_3x3.conv.weight [32, 3, 3, 3]; 1 tensor of another shape: fc.weight is [1000, "
      "2048], "
      "not [1008, 2048]; 1 tensor not known: AuxLogits.fc.weight [1000, 768]");
}

TEST_F(WrongNetwork, TellsOfShapesInTheFilesOwnOrder) {
  write_text(file, graph_constant("conv/conv2d_params", graph_tensor(at::zeros({3, 3, 3, 31}))) +
                       graph_node("conv/batchnorm", "BatchNormWithGlobalNormalization",
                                  graph_attribute("variance_epsilon", wire_float(4, 0.001F))));
  refused("its node conv/batchnorm has no attribute scale_after_normalization");
  std::string graph = graph_constant("conv/conv2d_params", graph_tensor(at::zeros({3, 3, 3, 31})));
  for (const InceptionConvolution& one : inception_convolutions())
    graph += graph_node(std::string(one.scope) + "/batchnorm", "BatchNormWithGlobalNormalization",
                        graph_attribute("scale_after_normalization", wire_varint(5, 0)));
  write_text(file, graph);
  refused("conv/conv2d_params is [3, 3, 3, 31], not [3, 3, 3, 32]");
  refused("conv_1/conv2d_params [3, 3, 32, 32]");
}

TEST_F(WrongNetwork, RefusesValuesThatCannotBe) {
  tensor(tensors, "Mixed_6b.branch7x7_1.bn.bias") = at::full({128}, NAN);
  refused_tensors("Mixed_6b.branch7x7_1.bn.bias of the Inception holds NaN", ErrorCode::not_finite);
  tensors = tensors_of_salt_1();
  tensor(tensors, "Mixed_5b.branch1x1.bn.running_var") = at::full({64}, -1.0F);
  refused_tensors("variances Mixed_5b.branch1x1.bn.running_var are below zero");
  tensors = tensors_of_salt_1();
  tensor(tensors, "fc.bias") = at::zeros({1008}, at::kLong);
  refused_tensors("the tensor fc.bias holds Long values");
}

TEST_F(WrongNetwork, RefusesOtherFiles) {
  write_text(file, "only some text");
  refused("is not a feature network: it begins as none of the files");
  write_text(file, "");
  refused("it is empty");
  write_text(file, "\n\x05hello, this is not a graph");
  refused("not a usable TensorFlow graph");
  fs::copy_file(fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / "zip.pth", file, fs::copy_options::overwrite_existing);
  refused("is not a dict of tensors");
  fs::copy_file(fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / "torchscript.pt", file,
                fs::copy_options::overwrite_existing);
  refused("378 tensors missing: layers.conv.weight [32, 3, 3, 3], layers.conv.beta [32]");
  expect_error(ErrorCode::not_found, "absent.pth",
               [&] { open_feature_network(folder.path() / "absent.pth", at::kCPU); });
}

TEST_F(WrongNetwork, RunsNothing) {
  for (const char* name : {"calls_system.pth", "calls_system_legacy.pth"}) {
    fs::copy_file(fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / name, file, fs::copy_options::overwrite_existing);
    refused("asks for 'posix.system', which is not plain data; nothing of it was run");
  }
}

TEST_F(WrongNetwork, RefusesAFileOfGiantSize) {
  write_text(file, "\x0a");
  fs::resize_file(file, std::uintmax_t{3} << 30);  // sparse
  refused("has 3221225472 bytes; a feature network has at most", ErrorCode::too_large);
}

TEST_F(WrongNetwork, RefusesThePrecisionThatTheDeviceLacks) {
  write_weight_file(file, WeightLayout::safetensors, tensors);
  expect_error(ErrorCode::invalid_argument, "computes in fp16 on CUDA devices only",
               [&] { open_feature_network(file, at::kCPU, FeaturePrecision::fp16); });
}

}  // namespace
}  // namespace checkerlab::model
