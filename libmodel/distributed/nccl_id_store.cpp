#include "libmodel/distributed/nccl_id_store.hpp"

#include <nccl.h>

#include "libmodel/distributed/agreement.hpp"

namespace checkerlab::model {

void NcclIdStore::set(const std::string& key, const std::vector<std::uint8_t>& value) {
  HashStore::set(key, value);
  if (ranks_.rank() != 0 || value.size() != NCCL_UNIQUE_ID_BYTES || exchanged_.exchange(true)) return;
  text_of_rank_zero(ranks_, {value.begin(), value.end()});
}

std::vector<std::uint8_t> NcclIdStore::get(const std::string& key) {
  if (ranks_.rank() != 0 && !check({key}) && !exchanged_.exchange(true)) {
    const std::string id = text_of_rank_zero(ranks_, "");
    HashStore::set(key, {id.begin(), id.end()});
  }
  return HashStore::get(key);
}

}  // namespace checkerlab::model
