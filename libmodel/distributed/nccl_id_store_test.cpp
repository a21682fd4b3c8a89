#include "libmodel/distributed/nccl_id_store.hpp"

#include <gtest/gtest.h>
#include <nccl.h>

#include "libmodel/distributed/testing/on_ranks.hpp"

namespace checkerlab::model {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(NcclIdStore, theIdOfRankZeroComesToAllRanks) {
  Bytes id(NCCL_UNIQUE_ID_BYTES);
  for (std::size_t i = 0; i < id.size(); ++i)
    id[i] = static_cast<std::uint8_t>(i * 7);
  on_ranks(make_ranks(RanksKind::sockets, 3), [&](Communicator& ranks) {
    const auto store = c10::make_intrusive<NcclIdStore>(ranks);
    if (ranks.rank() == 0) store->set("0", id);
    EXPECT_EQ(store->get("0"), id) << "on rank " << ranks.rank();
    ranks.barrier();  // nothing of the exchange is left over
  });
}

TEST(NcclIdStore, everythingElseStaysInItsProcess) {
  on_ranks(make_ranks(RanksKind::sockets, 2), [](Communicator& ranks) {
    const auto store = c10::make_intrusive<NcclIdStore>(ranks);
    store->set("note", Bytes{1, 2});
    store->set("id", Bytes(NCCL_UNIQUE_ID_BYTES, ranks.rank() == 0 ? 5 : 6));
    if (ranks.rank() == 1) store->get("unknown");  // takes part in the one exchange
    EXPECT_EQ(store->get("note"), (Bytes{1, 2}));
    EXPECT_EQ(store->get("id").front(), ranks.rank() == 0 ? 5 : 6);
    store->set("later", Bytes(NCCL_UNIQUE_ID_BYTES, 9));
    ranks.barrier();
  });
}

TEST(NcclIdStore, whoWaitsForTheIdLearnsThatRankZeroIsGone) {
  const auto errors = errors_on_ranks(make_ranks(RanksKind::sockets, 2), [](Communicator& ranks) {
    if (ranks.rank() == 0) return;
    c10::make_intrusive<NcclIdStore>(ranks)->get("0");
  });
  ASSERT_TRUE(errors[1]);
  EXPECT_EQ(errors[1]->code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace checkerlab::model
