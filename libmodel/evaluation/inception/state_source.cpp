#include "libmodel/evaluation/inception/state_source.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

at::Tensor load_floating(const StateDict& state, const std::string& name, const std::string& where) {
  const auto type = state.record(name).storage->type();
  if (!at::isFloatingType(type))
    throw Error(ErrorCode::invalid_data,
                where + ": the tensor " + name + " holds " + c10::toString(type) + " values, not floating ones",
                kNetworkFilesAccepted);
  return state.load(name);
}

class TorchNames final : public WeightSource {
 public:
  TorchNames(StateDict state, std::string where) : state_(std::move(state)), where_(std::move(where)) {}

  std::string name(const InceptionConvolution& convolution, ConvolutionPart part) const override {
    const std::string module(convolution.module);
    switch (part) {
      case ConvolutionPart::kernel:
        return module + ".conv.weight";
      case ConvolutionPart::scale:
        return module + ".bn.weight";
      case ConvolutionPart::shift:
        return module + ".bn.bias";
      case ConvolutionPart::mean:
        return module + ".bn.running_mean";
      default:
        return module + ".bn.running_var";
    }
  }
  std::string class_kernel() const override { return "fc.weight"; }
  std::string class_bias() const override { return "fc.bias"; }
  bool scaled(const InceptionConvolution&) const override { return true; }

  std::optional<TensorShape> shape(const std::string& name) const override {
    return state_.contains(name) ? std::optional(state_.record(name).sizes) : std::nullopt;
  }
  at::Tensor load(const std::string& name) const override { return load_floating(state_, name, where_); }
  std::vector<std::string> unknown(const std::vector<std::string>& known) const override {
    const std::set<std::string> expected(known.begin(), known.end());
    std::vector<std::string> others;
    for (const std::string& name : state_.names()) {
      if (!expected.contains(name) && !name.ends_with(".num_batches_tracked")) others.push_back(name);
    }
    return others;
  }

 private:
  StateDict state_;
  std::string where_;
};

class ScriptNames final : public WeightSource {
 public:
  ScriptNames(StateDict state, std::string where) : state_(std::move(state)), where_(std::move(where)) {
    for (const std::string& name : state_.names()) {
      if (!names_.emplace(key(name), name).second)
        throw Error(ErrorCode::invalid_data, where_ + ": two tensors are called " + name, kNetworkFilesAccepted);
    }
  }

  std::string name(const InceptionConvolution& convolution, ConvolutionPart part) const override {
    std::string scope(convolution.scope);
    const bool joined = scope.starts_with("mixed_9/") || scope.starts_with("mixed_10/");
    const auto first = scope.find('/');
    for (std::size_t i = 0; i < scope.size(); ++i) {
      if (scope[i] == '/') scope[i] = joined && i > first ? '_' : '.';
    }
    switch (part) {
      case ConvolutionPart::kernel:
        return "layers." + scope + ".weight";
      case ConvolutionPart::mean:
        return "layers." + scope + ".mean";
      case ConvolutionPart::variance:
        return "layers." + scope + ".var";
      default:
        return "layers." + scope + ".beta";
    }
  }
  std::string class_kernel() const override { return "output.weight"; }
  std::string class_bias() const override { return "output.bias"; }
  bool scaled(const InceptionConvolution&) const override { return false; }

  std::optional<TensorShape> shape(const std::string& name) const override {
    const auto found = names_.find(key(name));
    return found == names_.end() ? std::nullopt : std::optional(state_.record(found->second).sizes);
  }
  at::Tensor load(const std::string& name) const override {
    return load_floating(state_, names_.at(key(name)), where_);
  }
  std::vector<std::string> unknown(const std::vector<std::string>&) const override { return {}; }

 private:
  static std::string key(std::string name) {
    for (char& letter : name) {
      if (letter == '.' || letter == '/') letter = '_';
    }
    return name;
  }

  StateDict state_;
  std::string where_;
  std::map<std::string, std::string> names_;  // by key
};

}  // namespace

std::unique_ptr<WeightSource> torch_names(StateDict state, std::string where) {
  return std::make_unique<TorchNames>(std::move(state), std::move(where));
}

std::unique_ptr<WeightSource> script_names(StateDict state, std::string where) {
  return std::make_unique<ScriptNames>(std::move(state), std::move(where));
}

}  // namespace checkerlab::model
