#include "coordinator/service/new_job.hpp"

#include "coordinator/service/kind_traits.hpp"
#include "coordinator/store/placement_json.hpp"

namespace checkerlab::coordinator {

scheduler::NewJob new_job(const sweeps::Job& job) {
  const KindTraits traits = kind_traits(job.kind);
  scheduler::NewJob added{scheduler::parse_key(job.key.str()), job.kind, traits.priority, traits.prefetch, {},
                          placement_of_hints(job.hints)};
  for (const sweeps::Input& input : job.inputs)
    added.inputs.push_back(scheduler::parse_key(input.key.str()));
  return added;
}

}  // namespace checkerlab::coordinator
