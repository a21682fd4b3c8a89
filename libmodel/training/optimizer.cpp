#include "libmodel/training/optimizer.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.95, kEpsilon = 1e-8;

at::Tensor restored(const TensorFile& file, const std::string& name, const at::Tensor& like,
                    const std::filesystem::path& where) {
  const at::Tensor& stored = file.at(name, where);
  if (stored.sizes() != like.sizes() || stored.scalar_type() != like.scalar_type())
    throw Error(ErrorCode::invalid_data, where.string() + ": '" + name + "' has the wrong shape or type");
  return stored.to(like.device());
}

}  // namespace

Optimizer::Optimizer(Model& model, double weight_decay) {
  decayed_.decay = weight_decay;
  visit_weights(model.config, model.weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>& shape) {
                  tensor = tensor.detach().clone().requires_grad_(true);
                  Group& group = shape.size() >= 2 ? decayed_ : plain_;
                  group.names.push_back(name);
                  group.parameters.push_back(tensor);
                  group.averages.push_back(at::zeros_like(tensor));
                  group.squares.push_back(at::zeros_like(tensor));
                  group.steps.push_back(at::zeros({}, tensor.options().requires_grad(false)));
                });
}

double Optimizer::clip_gradients(double limit) {
  at::Tensor total = at::zeros({}, decayed_.steps.front().options());
  for (const Group* group : {&decayed_, &plain_}) {
    for (const at::Tensor& parameter : group->parameters) {
      total = total + parameter.grad().square().sum();
    }
  }
  const double norm = total.sqrt().item<double>();
  if (!(norm > limit)) return norm;
  for (const Group* group : {&decayed_, &plain_}) {
    for (const at::Tensor& parameter : group->parameters) {
      parameter.grad().mul_(limit / norm);
    }
  }
  return norm;
}

double Optimizer::step(double learning_rate, double clip) {
  const at::NoGradGuard no_grad;
  for (const Group* group : {&decayed_, &plain_}) {
    for (std::size_t i = 0; i < group->parameters.size(); ++i) {
      if (!group->parameters[i].grad().defined())
        throw Error(ErrorCode::internal, "the parameter '" + group->names[i] + "' got no gradient");
    }
  }
  const double norm = clip > 0 ? clip_gradients(clip) : 0;
  for (Group* group : {&decayed_, &plain_}) {
    std::vector<at::Tensor> gradients;
    for (at::Tensor& parameter : group->parameters) {
      gradients.push_back(parameter.grad());
    }
    at::_foreach_add_(group->steps, 1);
    at::_fused_adamw_(group->parameters, gradients, group->averages, group->squares, {}, group->steps, learning_rate,
                      kBeta1, kBeta2, group->decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
    for (at::Tensor& parameter : group->parameters) {
      parameter.mutable_grad() = at::Tensor();
    }
  }
  ++steps_;
  return norm;
}

void Optimizer::save(TensorFile& file) const {
  for (const Group* group : {&decayed_, &plain_}) {
    for (std::size_t i = 0; i < group->names.size(); ++i) {
      file.tensors["exp_avg." + group->names[i]] = group->averages[i];
      file.tensors["exp_avg_sq." + group->names[i]] = group->squares[i];
    }
  }
}

void Optimizer::load(const TensorFile& file, const std::filesystem::path& where, std::int64_t steps_done) {
  for (Group* group : {&decayed_, &plain_}) {
    for (std::size_t i = 0; i < group->names.size(); ++i) {
      group->averages[i] = restored(file, "exp_avg." + group->names[i], group->averages[i], where);
      group->squares[i] = restored(file, "exp_avg_sq." + group->names[i], group->squares[i], where);
      group->steps[i].fill_(static_cast<double>(steps_done));
    }
  }
  steps_ = steps_done;
}

}  // namespace checkerlab::model
