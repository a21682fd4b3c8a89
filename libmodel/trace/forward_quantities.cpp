// Quantities of the teacher-forced forward.
#include <ATen/ATen.h>

#include "base/error.hpp"
#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {
namespace {

using Args = NameArguments;

// Means of a value of every token, scale by scale.
at::Tensor scale_means(const TraceSession& session, const at::Tensor& values) {
  std::vector<at::Tensor> means;
  const auto& offsets = session.layout().offsets;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    means.push_back(values.slice(1, offsets[i], offsets[i + 1]).mean());
  }
  return at::stack(means);
}

at::Tensor scale_losses(TraceSession& session, const Args& a) {
  const ForwardRecord& record = session.forward(a.steps);
  const at::Tensor losses =
      at::cross_entropy_loss(record.logits.flatten(0, 1), record.targets.flatten(), {}, at::Reduction::None);
  return scale_means(session, losses.view_as(record.targets));
}

at::Tensor scale_hits(TraceSession& session, const Args& a) {
  const ForwardRecord& record = session.forward(a.steps);
  return scale_means(session, record.logits.argmax(-1).eq(record.targets).to(at::kFloat));
}

at::Tensor hidden(TraceSession& session, const Args& a) {
  if (a.layer >= session.model().config.layers)
    throw Error(ErrorCode::invalid_argument, "trace: the model has no layer " + std::to_string(a.layer),
                "Layers are counted from 0 to " + std::to_string(session.model().config.layers - 1));
  return session.forward(a.steps).seen.at("layer" + std::to_string(a.layer));
}

std::vector<std::string> hidden_names(const TraceSession& session) {
  std::vector<std::string> names;
  for (const std::string& name : for_steps("hidden.P{P}.layer{I}", {4})(session)) {
    for (int layer = 0; layer < session.model().config.layers; ++layer) {
      names.push_back(fill_name(name, 'I', layer));
    }
  }
  return names;
}

}  // namespace

void add_forward_quantities(std::vector<Quantity>& table) {
  const std::vector<Need> sequence{Need::tokens, Need::labels};
  table.push_back({"embed.src", sequence, [](TraceSession& s, const Args&) { return s.forward(1).seen.at("source"); },
                   once("embed.src")});
  table.push_back({"combined.{P}", sequence,
                   [](TraceSession& s, const Args& a) { return s.forward(a.steps).seen.at("combined"); },
                   for_steps("combined.{P}", {1, 4, 8})});
  table.push_back({"hidden.P{P}.layer{I}", sequence, hidden, hidden_names});
  table.push_back({"hidden.P{P}.final", sequence,
                   [](TraceSession& s, const Args& a) { return s.forward(a.steps).seen.at("final"); },
                   for_steps("hidden.P{P}.final", {4})});
  table.push_back({"logits.{P}", sequence, [](TraceSession& s, const Args& a) { return s.forward(a.steps).logits; },
                   for_steps("logits.{P}", {1, 4, 8})});
  table.push_back({"loss.{P}", sequence, [](TraceSession& s, const Args& a) { return s.forward(a.steps).loss; },
                   for_steps("loss.{P}", {1, 4, 8})});
  table.push_back({"loss_scale.{P}", sequence, scale_losses, for_steps("loss_scale.{P}", {1, 4, 8})});
  table.push_back({"top1.{P}", sequence, scale_hits, for_steps("top1.{P}", {1, 4, 8})});
  table.push_back({"image_loss.{P}",
                   {Need::image, Need::labels, Need::tokenizer},
                   [](TraceSession& s, const Args& a) { return s.image_forward(a.steps).loss; },
                   for_steps("image_loss.{P}", {4})});
  const std::vector<Need> average{Need::tokens, Need::labels, Need::average};
  table.push_back({"ema.logits.{P}", average,
                   [](TraceSession& s, const Args& a) { return s.average_forward(a.steps).logits.slice(0, 0, 1); },
                   for_steps("ema.logits.{P}", {4})});
  table.push_back({"ema.loss.{P}", average,
                   [](TraceSession& s, const Args& a) { return s.average_forward(a.steps).loss; },
                   for_steps("ema.loss.{P}", {4})});
}

}  // namespace checkerlab::model
