#include "libmodel/modules/module_trainer.hpp"

#include <torch/nn/utils/clip_grad.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "base/error.hpp"
#include "libmodel/modules/artifact.hpp"
#include "libmodel/modules/weights.hpp"

namespace checkerlab::model {

namespace {

constexpr std::size_t kRecentLosses = 20;
constexpr double kBeta1 = 0.9, kBeta2 = 0.95, kEpsilon = 1e-8;

}  // namespace

void check_training(const std::string& name, std::int64_t steps, std::int64_t batch, double lr) {
  if (steps < 1 || batch < 1 || !(lr > 0) || !std::isfinite(lr)) {
    throw Error(ErrorCode::invalid_argument,
                "the " + name +
                    " needs at least one step, a batch of at least one image and a positive "
                    "learning rate");
  }
}

ModuleTrainer::ModuleTrainer(torch::nn::Module& module, const ModuleTraining& training,
                             std::map<std::string, torch::Tensor> extra)
    : module_(module), training_(training), extra_(std::move(extra)) {
  for (const auto& parameter : module.named_parameters()) {
    names_.push_back(parameter.key());
    parameters_.push_back(parameter.value());
    first_moments_.push_back(torch::zeros_like(parameter.value()));
    second_moments_.push_back(torch::zeros_like(parameter.value()));
  }
}

double ModuleTrainer::learning_rate(std::int64_t step) const {
  const auto warmup = std::max<std::int64_t>(1, training_.steps / 20);
  const double rise = std::min(1.0, static_cast<double>(step + 1) / static_cast<double>(warmup));
  const double part = static_cast<double>(step) / static_cast<double>(training_.steps);
  return training_.lr * rise * (0.02 + 0.98 * (1 + std::cos(std::numbers::pi * part)) / 2);
}

void ModuleTrainer::update(std::int64_t step) {
  const torch::NoGradGuard no_grad;
  torch::nn::utils::clip_grad_norm_(parameters_, 1.0);
  const double lr = learning_rate(step);
  const double correction1 = 1 - std::pow(kBeta1, step + 1);
  const double correction2 = std::sqrt(1 - std::pow(kBeta2, step + 1));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    auto& parameter = parameters_[i];
    const auto& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    if (parameter.dim() >= 2) parameter.mul_(1 - lr * training_.weight_decay);
    first_moments_[i].mul_(kBeta1).add_(gradient, 1 - kBeta1);
    second_moments_[i].mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    const auto scale = second_moments_[i].sqrt().div_(correction2).add_(kEpsilon);
    parameter.addcdiv_(first_moments_[i], scale, -lr / correction1);
    parameter.mutable_grad().reset();
  }
}

void ModuleTrainer::report(std::int64_t step, double loss, Observer& observer) {
  if (!std::isfinite(loss)) {
    throw Error(ErrorCode::not_finite,
                "the loss of the " + training_.name + " is not finite at step " + std::to_string(step),
                "Lower the learning rate.");
  }
  losses_.push_back(loss);
  if (losses_.size() > kRecentLosses) losses_.pop_front();
  observer.progress(step + 1, training_.steps, "steps");
  if (step % 10 == 0 || step + 1 == training_.steps) observer.curve("loss", step, recent_loss());
}

void ModuleTrainer::run(const std::function<torch::Tensor(std::int64_t)>& loss,
                        const std::function<void(std::int64_t)>& after, Observer& observer) {
  while (finished_ < training_.steps) {
    throw_if_cancelled(observer, "the " + training_.name);
    const auto step = finished_;
    const auto value = loss(step);
    value.backward();
    update(step);
    after(step);
    report(step, value.item<double>(), observer);
    ++finished_;
    if (const auto path = observer.checkpoint_due()) {
      save(*path, finished_);
      observer.checkpoint(finished_, *path);
    }
  }
}

void ModuleTrainer::reset_rows(const torch::Tensor& parameter, const torch::Tensor& rows) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].is_same(parameter)) continue;
    first_moments_[i].index_fill_(0, rows, 0);
    second_moments_[i].index_fill_(0, rows, 0);
  }
}

double ModuleTrainer::recent_loss() const {
  if (losses_.empty()) return 0;
  return std::accumulate(losses_.begin(), losses_.end(), 0.0) / static_cast<double>(losses_.size());
}

void ModuleTrainer::save(const std::filesystem::path& path, std::int64_t finished) const {
  TensorFile file;
  file.tensors = module_weights(module_, "weights.");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    file.tensors["first_moments." + names_[i]] = first_moments_[i];
    file.tensors["second_moments." + names_[i]] = second_moments_[i];
  }
  for (const auto& [name, tensor] : extra_)
    file.tensors["extra." + name] = tensor;
  const nlohmann::json config = {{"finished", finished},
                                 {"steps", training_.steps},
                                 {"lr", training_.lr},
                                 {"losses", std::vector<double>(losses_.begin(), losses_.end())}};
  file.metadata = artifact_metadata(training_.name, config);
  write_safetensors(path, file);
}

void ModuleTrainer::resume(const std::filesystem::path& checkpoint) {
  const torch::NoGradGuard no_grad;
  const auto file = read_safetensors(checkpoint);
  const auto config = artifact_config(file, training_.name, checkpoint);
  if (config_value<std::int64_t>(config, "steps", checkpoint) != training_.steps ||
      config_value<double>(config, "lr", checkpoint) != training_.lr) {
    throw Error(ErrorCode::invalid_data, "the checkpoint " + checkpoint.string() + " is of another " + training_.name);
  }
  load_module_weights(module_, file, checkpoint, "weights.");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    first_moments_[i].copy_(file.at("first_moments." + names_[i], checkpoint));
    second_moments_[i].copy_(file.at("second_moments." + names_[i], checkpoint));
  }
  for (auto& [name, tensor] : extra_)
    tensor.copy_(file.at("extra." + name, checkpoint));
  finished_ = config_value<std::int64_t>(config, "finished", checkpoint);
  const auto losses = config_value<std::vector<double>>(config, "losses", checkpoint);
  losses_.assign(losses.begin(), losses.end());
}

}  // namespace checkerlab::model
