// Where the ranks of gangs meet: stands in for the network between the workers. For one thread.
#pragma once

#include <map>
#include <set>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::simulation {

// The leader waits under the secret of its attempt, at a place that only such a leader tells.
class Meetings {
 public:
  static rpc::GangListening place_of(const rpc::Assignment& job) {
    return {job.attempt, "where " + job.gang->secret + " waits", 4'000};
  }
  // False when that is not where the leader waits.
  bool join(const rpc::Assignment& job, const rpc::GangAddress& address) {
    if (address.host != place_of(job).host) return false;
    present_[job.gang->secret].insert(job.gang->rank);
    return true;
  }
  bool has_joined(const rpc::Assignment& job) const {
    const auto found = present_.find(job.gang->secret);
    return found != present_.end() && found->second.contains(job.gang->rank);
  }
  // Whether all others have come.
  bool complete(const rpc::Assignment& job) const {
    const auto found = present_.find(job.gang->secret);
    return found != present_.end() && static_cast<int>(found->second.size()) == job.gang->size - 1;
  }

 private:
  std::map<std::string, std::set<int>> present_;  // ranks by secret
};

}  // namespace checkerlab::simulation
