#include <ATen/ATen.h>

#include "libmodel/trace/parameter_rows.hpp"
#include "libmodel/trace/session.hpp"
#include "libmodel/training/optimizer.hpp"

namespace checkerlab::model {
namespace {

constexpr double kLearningRate = 1e-3, kWeightDecay = 0.01;
constexpr std::int64_t kStepsPerScale = 4;

class Recorder {
 public:
  Recorder(const TraceSession& session, const std::map<std::string, Moments>& moments)
      : session_(session),
        model_(with_source_projection(session.model())),
        optimizer_(model_, kWeightDecay),
        batch_(session.inputs().batch()),
        tables_(session.layout(), BlockLayout(session.layout(), partitions_for_steps(session.sizes(), kStepsPerScale)),
                session.device()) {
    if (!moments.empty()) optimizer_.set_moments(moments, "the checkpoint");
  }

  TrainingRecord record(int steps, Observer& observer) {
    TrainingRecord record;
    std::vector<double> losses, norms;
    for (int step = 0; step < steps; ++step) {
      throw_if_cancelled(observer, "the trace");
      const at::AutoGradMode gradients(true);
      const at::Tensor value = loss();
      value.backward();
      losses.push_back(value.item<double>());
      if (step == 0) record.first_gradients = rows([](const at::Tensor& weight) { return weight.grad(); });
      norms.push_back(optimizer_.step(kLearningRate).gradient_norm.item<double>());
    }
    const at::NoGradGuard no_gradients;
    record.losses = at::tensor(losses, at::kDouble);
    record.gradient_norms = at::tensor(norms, at::kDouble);
    record.loss_after = loss().to(at::kDouble);
    record.parameter_norms = rows([](const at::Tensor& weight) { return weight.detach(); });
    return record;
  }

 private:
  at::Tensor loss() const {
    const AutocastScope autocast(session_.device(), session_.precision());
    const at::Tensor logits = forward_logits(model_, batch_, tables_, {}, session_.subject().head_pull);
    return sequence_loss(logits.to(at::kFloat), sequence_targets(batch_, tables_));
  }

  // Sum and L2 norm of something of every parameter.
  template <typename Pick>
  at::Tensor rows(const Pick& pick) {
    std::map<std::string, at::Tensor> by_name;
    visit_weights(model_.config, model_.weights, [&](const std::string& name, at::Tensor& weight, const auto&) {
      const at::Tensor value = pick(weight).to(at::kCPU, at::kDouble);
      by_name[name] = at::stack({value.sum(), value.norm()});
    });
    return parameter_rows(model_.config, by_name);
  }

  const TraceSession& session_;
  Model model_;
  Optimizer optimizer_;
  TokenBatch batch_;
  SequenceTables tables_;
};

}  // namespace

TrainingRecord record_training(const TraceSession& session, const std::map<std::string, Moments>& moments, int steps,
                               Observer& observer) {
  return Recorder(session, moments).record(steps, observer);
}

}  // namespace checkerlab::model
