#include "libmodel/training/optimizer.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.95, kEpsilon = 1e-8;

at::Tensor global_norm(const std::vector<at::Tensor>& gradients) {
  return at::stack(at::_foreach_norm(gradients, 2)).norm();
}

}  // namespace

Optimizer::Optimizer(Model& model, double weight_decay) {
  decayed_.decay = weight_decay;
  visit_weights(model.config, model.weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>& shape) {
                  tensor = tensor.detach().clone().requires_grad_(true);
                  const bool decays = shape.size() >= 2 && !name.ends_with(".bias");
                  (decays ? decayed_ : plain_).members.push_back(parameters_.size());
                  names_.push_back(name);
                  parameters_.push_back(tensor);
                  averages_.push_back(at::zeros_like(tensor));
                  squares_.push_back(at::zeros_like(tensor));
                  steps_.push_back(at::zeros({}, tensor.options().requires_grad(false)));
                });
}

StepReport Optimizer::step(double learning_rate, double clip, LossScaler* scaler) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters_) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) throw Error(ErrorCode::internal, "no parameter got a gradient");
  at::Tensor skipped = scaler ? scaler->unscale(gradients) : at::Tensor();
  const at::Tensor norm = global_norm(gradients);
  if (!scaler) skipped = norm.isfinite().logical_not().to(at::kFloat);
  if (clip > 0) at::_foreach_mul_(gradients, (clip / norm).clamp_max(1));
  update(decayed_, learning_rate, skipped);
  update(plain_, learning_rate, skipped);
  if (scaler) scaler->update(skipped);
  for (at::Tensor& parameter : parameters_) {
    parameter.mutable_grad() = at::Tensor();
  }
  return {norm, skipped};
}

void Optimizer::update(const Group& group, double learning_rate, const at::Tensor& skipped) {
  std::vector<at::Tensor> parameters, gradients, averages, squares, steps;
  for (const std::size_t i : group.members) {
    if (!parameters_[i].grad().defined()) continue;
    parameters.push_back(parameters_[i]);
    gradients.push_back(parameters_[i].grad());
    averages.push_back(averages_[i]);
    squares.push_back(squares_[i]);
    steps.push_back(steps_[i]);
  }
  if (parameters.empty()) return;
  at::_foreach_add_(steps, 1 - skipped);
  at::_fused_adamw_(parameters, gradients, averages, squares, {}, steps, learning_rate, kBeta1, kBeta2, group.decay,
                    kEpsilon, /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/{}, /*found_inf=*/skipped);
}

std::map<std::string, Moments> Optimizer::moments() const {
  std::map<std::string, Moments> all;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    all[names_[i]] = {averages_[i], squares_[i], steps_[i].item<double>()};
  }
  return all;
}

void Optimizer::set_moments(const std::map<std::string, Moments>& moments, const std::string& where) {
  const at::NoGradGuard no_grad;
  const auto take = [&](const at::Tensor& into, const at::Tensor& from, const std::string& name) {
    if (!from.defined() || from.sizes() != into.sizes())
      throw Error(ErrorCode::invalid_data, where + ": the optimiser's state of '" + name + "' is " +
                                               (from.defined() ? c10::str(from.sizes()) : "missing") + ", " +
                                               c10::str(into.sizes()) + " is needed");
    into.copy_(from);
  };
  for (const auto& [name, state] : moments) {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end())
      throw Error(ErrorCode::invalid_data,
                  where + ": the optimiser's state names '" + name + "', which is no parameter of this model");
    const auto i = static_cast<std::size_t>(found - names_.begin());
    take(averages_[i], state.average, name);
    take(squares_[i], state.square, name);
    steps_[i].fill_(state.steps);
  }
}

void Optimizer::save(TensorFile& file) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    file.tensors["exp_avg." + names_[i]] = averages_[i];
    file.tensors["exp_avg_sq." + names_[i]] = squares_[i];
    file.tensors["adam_step." + names_[i]] = steps_[i];
  }
}

void Optimizer::load(const TensorFile& file, const std::filesystem::path& where) {
  std::map<std::string, Moments> moments;
  for (const std::string& name : names_) {
    const at::Tensor& steps = file.at("adam_step." + name, where);
    if (steps.numel() != 1)
      throw Error(ErrorCode::invalid_data, where.string() + ": 'adam_step." + name + "' is broken");
    moments[name] = {file.at("exp_avg." + name, where), file.at("exp_avg_sq." + name, where), steps.item<double>()};
  }
  set_moments(moments, where.string());
}

}  // namespace checkerlab::model
