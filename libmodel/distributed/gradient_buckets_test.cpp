#include "libmodel/distributed/gradient_buckets.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "base/error.hpp"
#include "libmodel/distributed/bucket_plan.hpp"
#include "libmodel/distributed/testing/on_ranks.hpp"

namespace checkerlab::model {
namespace {

using Buckets = std::vector<std::vector<std::size_t>>;

TEST(BucketPlan, fillsBucketsInOrder) {
  EXPECT_EQ(plan_buckets({4, 4, 4, 20, 4}, {4, 3, 2, 1, 0}, 10), (Buckets{{4}, {3}, {2, 1}, {0}}));
  EXPECT_EQ(plan_buckets({}, {}, 10), Buckets{});
  EXPECT_EQ(completed_order({2, 0}, 5), (std::vector<std::size_t>{2, 0, 4, 3, 1}));
}

constexpr std::int64_t kItems = 12, kWidth = 24;

// Three layers, a table that some steps do not use, and one parameter that nothing ever uses.
struct Network {
  Network() {
    torch::manual_seed(3);
    for (int layer = 0; layer < 3; ++layer) {
      parameters.push_back(torch::randn({kWidth, kWidth}));
      parameters.push_back(torch::randn({kWidth}));
    }
    parameters.push_back(torch::randn({5, kWidth}));
    parameters.push_back(torch::randn({7}));
    for (auto& parameter : parameters)
      parameter.requires_grad_(true);
  }
  // Sum of the items' losses over the items of the whole batch. Even pieces use the table, in odd steps.
  at::Tensor loss(const at::Tensor& items, int step, int piece) const {
    at::Tensor x = items;
    if (step % 2 == 1 && piece % 2 == 0) x = x + parameters[6][step];
    for (std::size_t layer = 0; layer < 3; ++layer)
      x = torch::tanh(torch::addmm(parameters[2 * layer + 1], x, parameters[2 * layer]));
    return x.square().sum() / kItems;
  }
  void descend() {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : parameters) {
      if (!parameter.grad().defined()) continue;
      parameter.sub_(parameter.grad(), 0.05);
      parameter.mutable_grad() = at::Tensor();
    }
  }
  std::vector<at::Tensor> parameters;
};

at::Tensor batch(int step) {
  return torch::arange(kItems * kWidth, torch::kFloat32).mul(0.37 + step).sin().view({kItems, kWidth});
}

// The part of piece `piece` of `pieces` of the batch.
at::Tensor piece_of(int step, int piece, int pieces) {
  return batch(step).narrow(0, piece * (kItems / pieces), kItems / pieces);
}

constexpr int kSteps = 4;

std::vector<at::Tensor> train_one_rank(int pieces) {
  Network network;
  for (int step = 0; step < kSteps; ++step) {
    for (int piece = 0; piece < pieces; ++piece)
      network.loss(piece_of(step, piece, pieces), step, piece).backward();
    network.descend();
  }
  return network.parameters;
}

enum class Way { buckets, reference };

// `pieces` a rank. The parameters of every rank.
std::vector<std::vector<at::Tensor>> train_ranks(RanksKind kind, int size, int pieces, Way way,
                                                 std::int64_t bucket_bytes) {
  std::vector<std::vector<at::Tensor>> results(static_cast<std::size_t>(size));
  std::vector<std::unique_ptr<Network>> networks;
  for (int rank = 0; rank < size; ++rank)
    networks.push_back(std::make_unique<Network>());
  on_ranks(make_ranks(kind, size), [&](Communicator& ranks) {
    Network& network = *networks[static_cast<std::size_t>(ranks.rank())];
    std::optional<GradientBuckets> buckets;
    if (way == Way::buckets) buckets.emplace(network.parameters, ranks, bucket_bytes);
    for (int step = 0; step < kSteps; ++step) {
      if (buckets) buckets->begin_step();
      for (int piece = 0; piece < pieces; ++piece) {
        if (buckets && piece + 1 == pieces) buckets->expect_last_backward();
        const int number = ranks.rank() * pieces + piece;
        network.loss(piece_of(step, number, size * pieces), step, number).backward();
      }
      buckets ? buckets->finish() : reduce_gradients(network.parameters, ranks);
      EXPECT_FALSE(network.parameters[7].grad().defined());
      EXPECT_EQ(network.parameters[6].grad().defined(), step % 2 == 1);
      if (buckets && step > 0 && bucket_bytes < 4096) {
        EXPECT_GE(buckets->started_early(), 2);
        EXPECT_LT(buckets->started_early(), buckets->buckets());  // some parameter never has a gradient
      }
      network.descend();
    }
    results[static_cast<std::size_t>(ranks.rank())] = network.parameters;
  });
  return results;
}

void expect_same(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(torch::equal(a[i], b[i])) << "parameter " << i;
}

struct Setting {
  RanksKind kind;
  int size, pieces;
  std::int64_t bucket_bytes;
};
class Gradients : public testing::TestWithParam<Setting> {};

TEST_P(Gradients, ofBucketsAreThoseOfTheReferenceToTheBit) {
  const auto [kind, size, pieces, bytes] = GetParam();
  const auto bucketed = train_ranks(kind, size, pieces, Way::buckets, bytes);
  const auto plain = train_ranks(kind, size, pieces, Way::reference, bytes);
  for (int rank = 0; rank < size; ++rank) {
    expect_same(bucketed[static_cast<std::size_t>(rank)], plain.front());
    expect_same(bucketed[static_cast<std::size_t>(rank)], plain[static_cast<std::size_t>(rank)]);
  }
}

TEST_P(Gradients, areThoseOfOneRankOnTheSamePieces) {
  const auto [kind, size, pieces, bytes] = GetParam();
  const auto ranks = train_ranks(kind, size, pieces, Way::buckets, bytes);
  const auto one = train_one_rank(size * pieces);
  if (pieces == 1) return expect_same(ranks.front(), one);
  // The sums are (g0 + g1) + (g2 + g3) on two ranks and ((g0 + g1) + g2) + g3 on one.
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_TRUE(torch::allclose(ranks.front()[i], one[i], 1e-5, 1e-6)) << "parameter " << i;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, Gradients,
    testing::Values(Setting{RanksKind::threads, 2, 1, 100}, Setting{RanksKind::threads, 3, 1, 3000},
                    Setting{RanksKind::threads, 2, 2, 3000}, Setting{RanksKind::sockets, 2, 1, 3000},
                    Setting{RanksKind::sockets, 4, 1, 1 << 20}, Setting{RanksKind::sockets, 3, 2, 3000}));

TEST(GradientBuckets, leaveOneRankAlone) {
  Network network;
  SingleRank alone;
  GradientBuckets buckets(network.parameters, alone);
  buckets.begin_step();
  buckets.expect_last_backward();
  network.loss(batch(0), 0, 0).backward();
  buckets.finish();
  EXPECT_EQ(buckets.buckets(), 0);
  EXPECT_TRUE(network.parameters[0].grad().defined());
  EXPECT_FALSE(network.parameters[7].grad().defined());
}

TEST(GradientBuckets, aLostRankFailsTheStepOfTheOthers) {
  std::vector<std::unique_ptr<Network>> networks;
  networks.push_back(std::make_unique<Network>());
  networks.push_back(std::make_unique<Network>());
  const auto errors = errors_on_ranks(make_ranks(RanksKind::sockets, 2, std::chrono::minutes(10)), [&](auto& ranks) {
    Network& network = *networks[static_cast<std::size_t>(ranks.rank())];
    GradientBuckets buckets(network.parameters, ranks, 3000);
    for (int step = 0; step < 3; ++step) {
      if (step == 1 && ranks.rank() == 1) return;
      buckets.begin_step();
      buckets.expect_last_backward();
      network.loss(piece_of(step, ranks.rank(), 2), step, ranks.rank()).backward();
      buckets.finish();
    }
  });
  ASSERT_TRUE(errors[0]);
  EXPECT_EQ(errors[0]->code(), ErrorCode::unavailable);
}

TEST(GradientBuckets, refuseABackwardThatWasNotBegun) {
  on_ranks(make_ranks(RanksKind::threads, 2), [](Communicator& ranks) {
    Network network;
    GradientBuckets buckets(network.parameters, ranks);
    EXPECT_THROW(network.loss(batch(0), 0, 0).backward(), Error);
  });
}

}  // namespace
}  // namespace checkerlab::model
