// The store by which NCCL's ranks learn the id of their communicator: it goes over the sockets that they have already,
// so they need neither a common file nor a port of a store.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <vector>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

// A store of this process, but for one value: the first one of an id's size that rank 0 sets is what the others get
// for the first key that they do not have. For that one exchange all ranks must be at the same point, and no other
// operation of `ranks`, which must outlive the store, may be under way. Throws Error of the ranks then. Thread-safe
// otherwise.
class NcclIdStore final : public c10d::HashStore {
 public:
  explicit NcclIdStore(Communicator& ranks) : ranks_(ranks) {}

  using c10d::HashStore::set;
  void set(const std::string& key, const std::vector<std::uint8_t>& value) override;
  std::vector<std::uint8_t> get(const std::string& key) override;

 private:
  Communicator& ranks_;
  std::atomic<bool> exchanged_ = false;
};

}  // namespace checkerlab::model
