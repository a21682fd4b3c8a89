// Greedy samples: with and without guidance, from any step on.
#include <ATen/ATen.h>

#include <array>

#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {
namespace {

using Args = NameArguments;
using Part = at::Tensor (*)(TraceSession&, const Args&, const SampleBatch&);

at::Tensor tokens(TraceSession& session, const Args& a, const SampleBatch& batch) {
  return batch.tokens[session.scale_of(a.side)];
}
at::Tensor step(TraceSession& session, const Args& a, const SampleBatch& batch) {
  return batch.steps[session.scale_of(a.side)].expand({session.inputs().labels.size(0), -1, -1});
}
at::Tensor entropy(TraceSession& session, const Args& a, const SampleBatch& batch) {
  return batch.entropy[session.scale_of(a.side)];
}
at::Tensor probability(TraceSession& session, const Args& a, const SampleBatch& batch) {
  return batch.probability[session.scale_of(a.side)];
}
at::Tensor step_count(TraceSession&, const Args&, const SampleBatch& batch) {
  return at::tensor(batch.total_steps, at::kLong).squeeze();
}
at::Tensor block_tokens(TraceSession&, const Args&, const SampleBatch& batch) {
  return at::tensor(batch.blocks, at::kLong);
}

struct Run {
  std::string_view plain, later;  // patterns without and with a start
  Part part;
};
constexpr std::array<Run, 6> kRuns{
    {{"greedy.cfg{G}.P{P}.tokens.{S}", "greedy.cfg{G}start{N}.P{P}.tokens.{S}", tokens},
     {"greedy.cfg{G}.P{P}.steps", "greedy.cfg{G}start{N}.P{P}.steps", step_count},
     {"greedy.cfg{G}.P{P}.blocks", "greedy.cfg{G}start{N}.P{P}.blocks", block_tokens},
     {"greedy.cfg{G}.P{P}.step.{S}", "greedy.cfg{G}start{N}.P{P}.step.{S}", step},
     {"greedy.cfg{G}.P{P}.entropy.{S}", "greedy.cfg{G}start{N}.P{P}.entropy.{S}", entropy},
     {"greedy.cfg{G}.P{P}.prob.{S}", "greedy.cfg{G}start{N}.P{P}.prob.{S}", probability}}};

// Names of the runs that are made unless others are asked for: the pattern behind "greedy.cfg…" filled in.
Defaults for_runs(std::string_view pattern, std::vector<std::pair<std::string, std::int64_t>> runs) {
  return [pattern, runs = std::move(runs)](const TraceSession& session) {
    std::vector<std::string> names;
    const std::string tail(pattern.substr(pattern.find(".P{P}")));
    for (const auto& [run, steps] : runs) {
      for (const std::string& name : for_steps(tail, {steps})(session)) {
        const auto sides = name.ends_with("{S}") ? for_every_side(name)(session) : std::vector<std::string>{name};
        for (const std::string& side : sides) {
          names.push_back("greedy." + run + side);
        }
      }
    }
    return names;
  };
}

}  // namespace

void add_sampling_quantities(std::vector<Quantity>& table) {
  for (const Run& run : kRuns) {
    const auto compute = [part = run.part](TraceSession& session, const Args& a) {
      return part(session, a, session.greedy(a.guidance, a.start, a.steps));
    };
    table.push_back({run.plain, {Need::labels}, compute, for_runs(run.plain, {{"cfg0", 4}})});
    table.push_back(
        {run.later, {Need::labels}, compute, for_runs(run.later, {{"cfg1.5start0", 4}, {"cfg1.5start5", 8}})});
  }
}

}  // namespace checkerlab::model
