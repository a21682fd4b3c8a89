#include "libmodel/trace/trace.hpp"

#include <ATen/ATen.h>

#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/suggestion.hpp"
#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {
namespace {

struct Wanted {
  std::string name;
  const Quantity* quantity = nullptr;
  NameArguments arguments;
};

[[noreturn]] void refuse_name(const std::string& name, const TraceSession& session) {
  std::vector<std::string> known;
  std::string patterns;
  for (const Quantity& quantity : all_quantities()) {
    const auto defaults = quantity.defaults(session);
    known.insert(known.end(), defaults.begin(), defaults.end());
    patterns += (patterns.empty() ? "" : ", ") + std::string(quantity.pattern);
  }
  const auto nearest = nearest_name(name, known);
  throw Error(ErrorCode::invalid_argument, "trace: there is no quantity '" + name + "'",
              (nearest ? "Did you mean '" + *nearest + "'? " : "") + "Names are " + patterns);
}

Wanted find(const std::string& name, const TraceSession& session) {
  for (const Quantity& quantity : all_quantities()) {
    const auto arguments = match_name(quantity.pattern, name);
    if (!arguments) continue;
    const std::string lacking = session.lacking(quantity.needs);
    if (!lacking.empty())
      throw Error(ErrorCode::invalid_argument, "trace: '" + name + "' cannot be computed: " + lacking);
    return {name, &quantity, *arguments};
  }
  refuse_name(name, session);
}

std::vector<Wanted> everything(const TraceSession& session, std::vector<std::string>& notes) {
  std::vector<Wanted> wanted;
  std::set<std::string> reasons;
  for (const Quantity& quantity : all_quantities()) {
    const std::string lacking = session.lacking(quantity.needs);
    if (!lacking.empty()) {
      if (reasons.insert(lacking).second) notes.push_back(std::string(quantity.pattern) + " and others: " + lacking);
      continue;
    }
    for (const std::string& name : quantity.defaults(session)) {
      wanted.push_back({name, &quantity, *match_name(quantity.pattern, name)});
    }
  }
  return wanted;
}

}  // namespace

TraceResult trace_model(TraceSubject subject, const TensorFile& inputs, const TraceOptions& options,
                        Observer& observer) {
  TraceResult result;
  TraceSession session(std::move(subject), inputs, options, observer);
  result.notes = session.notes();
  std::vector<Wanted> wanted;
  if (options.only.empty()) wanted = everything(session, result.notes);
  for (const std::string& name : options.only) {
    wanted.push_back(find(name, session));
  }
  const auto total = static_cast<std::int64_t>(wanted.size());
  for (const Wanted& one : wanted) {
    throw_if_cancelled(observer, "the trace");
    observer.progress(static_cast<std::int64_t>(result.tensors.size()), total, "quantities");
    const at::Tensor value = one.quantity->compute(session, one.arguments).detach();
    const bool narrow = value.is_floating_point() && value.scalar_type() != at::kDouble;
    result.tensors[one.name] = value.to(at::kCPU, narrow ? at::kFloat : value.scalar_type()).contiguous();
  }
  observer.progress(total, total, "quantities");
  return result;
}

}  // namespace checkerlab::model
