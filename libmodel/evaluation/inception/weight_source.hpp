// A file that holds the Inception's weights under its own names, and how they become InceptionWeights.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

using TensorShape = std::vector<std::int64_t>;

// Which tensor of a convolution.
enum class ConvolutionPart { kernel, scale, shift, mean, variance };

class WeightSource {
 public:
  virtual ~WeightSource() = default;

  // How the file calls a tensor.
  virtual std::string name(const InceptionConvolution& convolution, ConvolutionPart part) const = 0;
  virtual std::string class_kernel() const = 0;
  virtual std::string class_bias() const = 0;
  // The shape that it has in the file, given PyTorch's ([out, in, height, width]; [out, in]).
  virtual TensorShape stored(const TensorShape& shape) const { return shape; }

  virtual std::optional<TensorShape> shape(const std::string& name) const = 0;
  // Its values on the CPU in PyTorch's order of dimensions. Throws Error(invalid_data) for values that are not
  // floating.
  virtual at::Tensor load(const std::string& name) const = 0;
  // Tensors of the file that belong to another network, given those that this one has.
  virtual std::vector<std::string> unknown(const std::vector<std::string>& known) const = 0;

  // Whether batch normalisation scales, and its epsilon. Throws Error(invalid_data) where the file does not tell.
  virtual bool scaled(const InceptionConvolution& convolution) const = 0;
  virtual double epsilon(const InceptionConvolution&) const { return kInceptionEpsilon; }
};

// Throws Error(invalid_data) naming the file `where` and all tensors that are missing, of another shape or unknown, and
// what check_values throws.
InceptionWeights load_weights(const WeightSource& source, const std::string& where);

// What to give instead of a file that is none of these, for messages.
extern const char* const kNetworkFilesAccepted;

}  // namespace checkerlab::model
