// AdamW steps from the weights as they are, and going on with a checkpoint's optimiser.
#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {
namespace {

using Args = NameArguments;
using Field = at::Tensor TrainingRecord::*;

}  // namespace

void add_training_quantities(std::vector<Quantity>& table) {
  const auto trained = [&](std::string_view name, Field field) {
    table.push_back({name,
                     {Need::tokens, Need::labels},
                     [field](TraceSession& s, const Args&) { return s.trained().*field; },
                     once(name)});
  };
  trained("train.losses", &TrainingRecord::losses);
  trained("train.grad_norm", &TrainingRecord::gradient_norms);
  trained("train.loss_after", &TrainingRecord::loss_after);
  trained("train.first_grads", &TrainingRecord::first_gradients);
  trained("train.param_norms", &TrainingRecord::parameter_norms);
  const auto resumed = [&](std::string_view name, Field field) {
    table.push_back({name,
                     {Need::tokens, Need::labels, Need::moments},
                     [field](TraceSession& s, const Args&) { return s.resumed().*field; },
                     once(name)});
  };
  resumed("resume.losses", &TrainingRecord::losses);
  resumed("resume.grad_norm", &TrainingRecord::gradient_norms);
  resumed("resume.param_norms", &TrainingRecord::parameter_norms);
}

}  // namespace checkerlab::model
