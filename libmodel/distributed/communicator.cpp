#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {
namespace {

class Done final : public PendingOperation {
 public:
  void wait() override {}
};

}  // namespace

std::unique_ptr<PendingOperation> SingleRank::all_reduce_sum(std::vector<at::Tensor>) {
  return std::make_unique<Done>();
}

}  // namespace checkerlab::model
