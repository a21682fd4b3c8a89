#include "worker/runner/registry.hpp"

#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {

void JobRegistry::add(std::unique_ptr<JobKind> kind) {
  std::string name(kind->name());
  if (!kinds_.emplace(name, std::move(kind)).second) {
    throw Error(ErrorCode::internal, "job kind " + name + " is registered twice");
  }
}

JobKind& JobRegistry::find(std::string_view name) const {
  const auto found = kinds_.find(name);
  if (found != kinds_.end()) return *found->second;
  std::string known;
  for (const auto& kind : names())
    known += (known.empty() ? "" : ", ") + kind;
  throw Error(ErrorCode::invalid_argument, "this worker does not know the job kind '" + std::string(name) + "'",
              "it knows: " + known + ". Use a worker of the coordinator's version");
}

std::vector<std::string> JobRegistry::names() const {
  std::vector<std::string> names;
  for (const auto& entry : kinds_)
    names.push_back(entry.first);
  return names;
}

}  // namespace checkerlab::worker
