#include "libmodel/distributed/agreement.hpp"

#include <ATen/ATen.h>

#include <cstring>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::model {

bool StopAgreement::agreed(bool wish) {
  if (ranks_.size() == 1) return wish;
  bool stop = false;
  if (pending_) {
    pending_->wait();
    stop = wishes_.item<std::int64_t>() > 0;
  }
  wishes_ = at::full({1}, wish ? 1 : 0, at::kLong);
  pending_ = ranks_.all_reduce_sum({wishes_});
  return stop;
}

std::string text_of_rank_zero(Communicator& ranks, const std::string& text) {
  const at::Tensor size = at::full({1}, static_cast<std::int64_t>(text.size()), at::kLong);
  ranks.broadcast({size});
  const at::Tensor bytes = at::zeros({size.item<std::int64_t>()}, at::kByte);
  if (ranks.rank() == 0) std::memcpy(bytes.mutable_data_ptr(), text.data(), text.size());
  ranks.broadcast({bytes});
  return {static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.numel())};
}

void expect_same_on_all_ranks(Communicator& ranks, const std::string& text, const std::string& what) {
  if (ranks.size() == 1) return;
  const std::string mine = sha256_hex(text);
  if (text_of_rank_zero(ranks, mine) == mine) return;
  throw Error(ErrorCode::version_mismatch,
              "rank " + std::to_string(ranks.rank()) + " has other " + what + " than rank 0",
              "Give every rank the same files and the same options");
}

}  // namespace checkerlab::model
