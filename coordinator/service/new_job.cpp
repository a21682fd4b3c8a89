#include "coordinator/service/new_job.hpp"

#include "coordinator/service/kind_traits.hpp"

namespace checkerlab::coordinator {

scheduler::NewJob new_job(const sweeps::Job& job) {
  const KindTraits traits = kind_traits(job.kind);
  scheduler::NewJob added{scheduler::parse_key(job.key.str()), job.kind, traits.priority, traits.prefetch, {}};
  for (const sweeps::Input& input : job.inputs)
    added.inputs.push_back(scheduler::parse_key(input.key.str()));
  return added;
}

}  // namespace checkerlab::coordinator
