// Training on several ranks: the same training as on one.
#include <gmock/gmock.h>

#include <deque>

#include "base/error.hpp"
#include "libmodel/distributed/testing/on_ranks.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/testing/training_fixture.hpp"

namespace checkerlab::model {
namespace {

using testing::HasSubstr;

struct RankRun {
  RecordingObserver observer;
  TrainResult result;
};

class RankedTraining : public Training {
 protected:
  RankedTraining() {
    config.gradient_clip = 0.5;
    config.ema_decay = 0.9;
  }

  // Trains on ranks that are threads; `prepare` sets the observer and the options of a rank up.
  using Prepare = std::function<void(int rank, RecordingObserver&, TrainOptions&)>;
  std::vector<std::optional<Error>> train(RanksKind kind, std::deque<RankRun>& runs, const Prepare& prepare = {}) {
    return errors_on_ranks(make_ranks(kind, static_cast<int>(runs.size())), [&](Communicator& ranks) {
      RankRun& run = runs[static_cast<std::size_t>(ranks.rank())];
      TrainOptions options{.ranks = &ranks};
      if (prepare) prepare(ranks.rank(), run.observer, options);
      run.result = train_model(config, tokens, torch::kCPU, run.observer, options);
    });
  }

  TrainResult train_alone(RecordingObserver& observer, const TrainOptions& options) {
    return train_model(config, tokens, torch::kCPU, observer, options);
  }

  static void expect_same_weights(Model& a, Model& b, double tolerance = 0) {
    std::map<std::string, at::Tensor> of_a;
    visit_weights(a.config, a.weights, [&](const std::string& name, at::Tensor& t, const auto&) { of_a[name] = t; });
    visit_weights(b.config, b.weights, [&](const std::string& name, at::Tensor& t, const auto&) {
      EXPECT_LE(largest_difference(of_a.at(name), t), tolerance) << name;
    });
  }
};

class RankedTrainingOf : public RankedTraining, public testing::WithParamInterface<std::pair<RanksKind, int>> {};

TEST_P(RankedTrainingOf, givesTheBitsOfOneRankOnTheSamePieces) {
  const auto [kind, size] = GetParam();
  std::deque<RankRun> runs(static_cast<std::size_t>(size));
  for (const auto& error : train(kind, runs))
    ASSERT_FALSE(error) << error->what();
  RecordingObserver alone;
  auto expected = train_alone(alone, {.micro_batch = config.batch / size});
  ASSERT_EQ(alone.curves["loss"].size(), 12U);
  for (RankRun& run : runs) {
    for (const char* series : {"loss", "loss_4x4", "gradient_norm", "learning_rate"})
      EXPECT_EQ(run.observer.curves[series], alone.curves[series]) << series;
    expect_same_weights(run.result.model, expected.model);
    expect_same_weights(*run.result.average, *expected.average);
    EXPECT_EQ(run.result.final_loss, expected.final_loss);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, RankedTrainingOf,
                         testing::Values(std::pair(RanksKind::threads, 2), std::pair(RanksKind::sockets, 2),
                                         std::pair(RanksKind::sockets, 4), std::pair(RanksKind::tcp, 2)));

// Whole batches round differently in matrix products: 1e-6 on a loss of 2.8, which is what fp32 resolves times ten.
TEST_F(RankedTraining, isOneRankOnWholeBatchesUpToRounding) {
  std::deque<RankRun> runs(2);
  train(RanksKind::threads, runs);
  RecordingObserver alone;
  auto expected = train_alone(alone, {});
  for (const auto& [step, loss] : alone.curves["loss"])
    EXPECT_NEAR(runs[0].observer.curves["loss"].at(step), loss, 3e-6) << "step " << step;
  expect_same_weights(runs[0].result.model, expected.model, 2e-3);  // Adam: a step is ±lr where gradients are near zero
}

TEST_F(RankedTraining, accumulatesBatchesOnEveryRank) {
  config.accumulation = {{.step = 2, .batches = 3}};
  config.steps = 6;
  std::deque<RankRun> runs(2);
  for (const auto& error : train(RanksKind::sockets, runs))
    ASSERT_FALSE(error) << error->what();
  RecordingObserver alone;
  train_alone(alone, {.micro_batch = config.batch / 2});
  for (const auto& [step, loss] : alone.curves["loss"])
    EXPECT_NEAR(runs[1].observer.curves["loss"].at(step), loss, 3e-6) << "step " << step;
}

TEST_F(RankedTraining, onlyRankZeroWritesAndAllRanksResume) {
  std::deque<RankRun> runs(2);
  train(RanksKind::sockets, runs, [&](int rank, RecordingObserver& observer, TrainOptions&) {
    observer.checkpoint_at = 5;
    observer.checkpoint_file = folder.path() / ("checkpoint" + std::to_string(rank));
  });
  EXPECT_EQ(runs[0].observer.checkpoints, std::vector<std::int64_t>{5});
  EXPECT_TRUE(runs[1].observer.checkpoints.empty());

  std::deque<RankRun> resumed(2);
  const auto errors = train(RanksKind::sockets, resumed, [&](int, RecordingObserver&, TrainOptions& options) {
    options.resume = folder.path() / "checkpoint0";
  });
  for (const auto& error : errors)
    ASSERT_FALSE(error) << error->what();
  ASSERT_EQ(resumed[1].observer.curves["loss"].size(), 7U);
  for (const auto& [step, loss] : resumed[1].observer.curves["loss"])
    EXPECT_EQ(loss, runs[0].observer.curves["loss"].at(step)) << "step " << step;
  expect_same_weights(resumed[0].result.model, runs[0].result.model);
}

class FailingObserver final : public NullObserver {
 public:
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    if (done == 3) throw Error(ErrorCode::disk_full, "no space for metrics");
  }
};

TEST_F(RankedTraining, aRankThatFailsStopsTheOthersWithItsReason) {
  config.steps = 1000;
  const auto errors = errors_on_ranks(make_ranks(RanksKind::sockets, 2), [&](Communicator& ranks) {
    FailingObserver failing;
    NullObserver null;
    Observer& observer = ranks.rank() == 1 ? static_cast<Observer&>(failing) : null;
    train_model(config, tokens, torch::kCPU, observer, {.ranks = &ranks});
  });
  ASSERT_TRUE(errors[0] && errors[1]);
  EXPECT_EQ(errors[0]->code(), ErrorCode::unavailable);
  EXPECT_THAT(errors[0]->what(), HasSubstr("rank 1 failed: no space for metrics"));
  EXPECT_EQ(errors[1]->code(), ErrorCode::disk_full);
}

class HungryObserver final : public NullObserver {
 public:
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    TORCH_CHECK_WITH(OutOfMemoryError, done < 3, "CUDA out of memory. Tried to allocate 2 GiB");
  }
};

TEST_F(RankedTraining, outOfMemoryIsAnErrorOfItsOwn) {
  HungryObserver observer;
  try {
    train_model(config, tokens, torch::kCPU, observer);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::out_of_memory);
    EXPECT_THAT(error.full_text(), HasSubstr("Tried to allocate 2 GiB"));
  }
}

TEST_F(RankedTraining, refusesBatchesThatDoNotDivide) {
  std::deque<RankRun> runs(3);
  auto errors = train(RanksKind::threads, runs);
  EXPECT_EQ(errors[0]->code(), ErrorCode::invalid_argument);
  runs.resize(2);
  errors =
      train(RanksKind::threads, runs, [](int, RecordingObserver&, TrainOptions& options) { options.micro_batch = 3; });
  EXPECT_THAT(errors[0]->what(), HasSubstr("does not divide"));
}

}  // namespace
}  // namespace checkerlab::model
