// train_model over several ranks, which are threads here and meet over the loopback.
#include "worker/jobs/gang_ranks.hpp"

#include <gmock/gmock.h>

#include <future>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "worker/jobs/testing/tiny_study.hpp"
#include "worker/jobs/train_model.hpp"
#include "worker/runner/testing/gang_board.hpp"

namespace checkerlab::worker {
namespace {

using testing::GangBoard;
using ::testing::HasSubstr;
using testing::TinyStudy;

constexpr int kSteps = 30;

// Remembers what a rank says.
class RankContext final : public testing::BoardContext {
 public:
  using BoardContext::BoardContext;

  void curve(std::string_view series, std::int64_t step, double value) override {
    if (series == "loss") losses[step] = value;
  }
  void log(std::string_view level, std::string_view text) override {
    BoardContext::log(level, text);
    lines += std::string(text) + "\n";
  }
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override {
    checkpoints.push_back({file, step});
  }

  std::map<std::int64_t, double> losses;
  std::vector<ResumePoint> checkpoints;
  std::string lines;
};

struct RankEnd {
  JobOutput output;
  std::string model;  // the hash of its file; empty where there is none
  std::map<std::int64_t, double> losses;
  std::vector<ResumePoint> checkpoints;
  std::string lines;
};

class GangTraining : public ::testing::Test {
 protected:
  RunCommand command(int rank, int size, const Json& hints = Json::object()) {
    RunCommand command;
    command.id = {JobKey("gang"), AttemptNumber{1}};
    command.spec = {{"kind", "train_model"}, {"recipe", 1}, {"params", testing::model_params(kSteps)}};
    command.hints = hints;
    command.device = "cpu";
    command.scratch = folder_.path() / (std::to_string(runs_++) + "-" + std::to_string(rank));
    std::filesystem::create_directories(command.scratch);
    const auto& study = TinyStudy::instance();
    for (const auto& [role, made] : study.tokens)
      command.inputs[role] = {"", made.files, made.metrics};
    command.inputs["tokenizer"] = {"", study.tokenizer.files, study.tokenizer.metrics};
    if (size > 0)
      command.gang = GangPart{.seat = {.rank = rank, .size = size, .secret = "s"}, .listen_host = "127.0.0.1"};
    return command;
  }

  static RankEnd run(GangBoard& board, const RunCommand& command) {
    RankContext context(board, command.gang ? command.gang->seat.rank : 0);
    WarmCache warm(6);
    RankEnd end;
    end.output = TrainModelJob().run(command, context, warm);
    if (!end.output.artifacts.empty()) end.model = sha256_file(end.output.artifacts.at("model"));
    end.losses = context.losses;
    end.checkpoints = context.checkpoints;
    end.lines = context.lines;
    return end;
  }

  static std::vector<RankEnd> run_all(const std::vector<RunCommand>& commands) {
    GangBoard board;
    std::vector<std::future<RankEnd>> ranks;
    for (const RunCommand& command : commands)
      ranks.push_back(std::async(std::launch::async, [&board, &command] { return run(board, command); }));
    std::vector<RankEnd> ends;
    for (auto& rank : ranks)
      ends.push_back(rank.get());
    return ends;
  }

  RankEnd alone(const Json& hints = Json::object()) {
    GangBoard board;
    return run(board, command(0, 0, hints));
  }

  TemporaryFolder folder_;
  int runs_ = 0;
};

TEST(RanksThatTrain, AreAsManyAsThePiecesOfABatchDivideAmong) {
  EXPECT_EQ(ranks_that_train(64, 0, 1), 1);
  EXPECT_EQ(ranks_that_train(64, 0, 4), 4);
  EXPECT_EQ(ranks_that_train(64, 0, 3), 2);
  EXPECT_EQ(ranks_that_train(64, 0, 100), 64);
  EXPECT_EQ(ranks_that_train(64, 16, 8), 4);
  EXPECT_EQ(ranks_that_train(64, 16, 3), 2);
  EXPECT_EQ(ranks_that_train(64, 64, 8), 1);
  EXPECT_EQ(ranks_that_train(7, 3, 8), 1) << "refused later, with its reason";
}

TEST(PieceOfBatch, DependsOnTheMostRanksThereMayBeNotOnThoseThereAre) {
  EXPECT_EQ(piece_of_batch(Json::object(), 64), 0);
  EXPECT_EQ(piece_of_batch({{"placement", {{"labels", {"a=b"}}}}}, 64), 0);
  EXPECT_EQ(piece_of_batch({{"placement", {{"ranks", 4}}}}, 64), 16);
  EXPECT_EQ(piece_of_batch({{"placement", {{"ranks", {{"min", 1}, {"max", 8}}}}}}, 64), 8);
  EXPECT_EQ(piece_of_batch({{"placement", {{"ranks", 3}}}}, 64), 32) << "two train";
  EXPECT_EQ(piece_of_batch({{"placement", {{"ranks", 1}}}}, 64), 0);
  EXPECT_EQ(piece_of_batch({{"micro_batch", 4}, {"placement", {{"ranks", 2}}}}, 64), 4);
  EXPECT_THROW(piece_of_batch({{"micro_batch", 0}}, 64), Error);
  EXPECT_THROW(piece_of_batch({{"placement", {{"ranks", "all"}}}}, 64), Error);
}

TEST_F(GangTraining, OneWorkerOfTwoThatMayBeMakesTheBytesOfTwo) {
  const Json two{{"placement", {{"ranks", {{"min", 1}, {"max", 2}}}}}};
  EXPECT_EQ(run_all({command(0, 1, two)})[0].model, run_all({command(0, 2, two), command(1, 2, two)})[0].model);
}

TEST_F(GangTraining, TwoRanksMakeTheBytesOfOneOnTheSamePieces) {
  const Json pieces{{"micro_batch", 32}, {"checkpoint_seconds", 0}};
  const auto one = alone(pieces);
  const auto two = run_all({command(0, 2), command(1, 2)});
  EXPECT_EQ(two[0].model, one.model);
  EXPECT_EQ(two[0].losses, one.losses);
  EXPECT_EQ(two[0].output.metrics.at("final_loss"), one.output.metrics.at("final_loss"));
  EXPECT_TRUE(two[1].output.metrics.empty());
  EXPECT_TRUE(two[1].losses.empty());

  const auto hinted = run_all({command(0, 2, pieces), command(1, 2, pieces)});
  EXPECT_EQ(hinted[0].model, one.model);
  EXPECT_FALSE(hinted[0].checkpoints.empty());
  EXPECT_TRUE(hinted[1].checkpoints.empty()) << "they are rank 0's";
}

TEST_F(GangTraining, ACheckpointGoesOnWithAnyNumberOfRanks) {
  const Json pieces{{"micro_batch", 32}, {"checkpoint_seconds", 0}};
  const auto whole = run_all({command(0, 2, pieces), command(1, 2, pieces)});
  const auto half = whole[0].checkpoints.at(kSteps / 2);
  auto zero = command(0, 2, pieces), one = command(1, 2, pieces), single = command(0, 0, pieces);
  zero.resume = one.resume = single.resume = half;
  const auto resumed = run_all({zero, one});
  EXPECT_EQ(resumed[0].model, whole[0].model);
  EXPECT_EQ(resumed[0].losses.begin()->first, half.step);
  EXPECT_EQ(run_all({single})[0].model, whole[0].model);
}

TEST_F(GangTraining, WhereOneRankHasNoCheckpointAllBeginAnew) {
  const Json pieces{{"checkpoint_seconds", 0}};
  const auto whole = run_all({command(0, 2, pieces), command(1, 2, pieces)});
  auto zero = command(0, 2), one = command(1, 2);
  zero.resume = whole[0].checkpoints.back();
  const auto again = run_all({zero, one});
  EXPECT_EQ(again[0].model, whole[0].model);
  EXPECT_EQ(again[0].losses.begin()->first, 0);
  EXPECT_THAT(again[0].lines, HasSubstr("another rank has no checkpoint"));
}

TEST_F(GangTraining, WorkersThatABatchDoesNotDivideAmongEndAtOnce) {
  const auto three = run_all({command(0, 3), command(1, 3), command(2, 3)});
  EXPECT_EQ(three[0].model, alone({{"micro_batch", 32}}).model);
  EXPECT_TRUE(three[2].output.metrics.empty());
  EXPECT_THAT(three[2].lines, HasSubstr("2 train, not this one"));
}

TEST_F(GangTraining, ARankThatIsStoppedStopsAll) {
  GangBoard board;
  auto zero = command(0, 2), one = command(1, 2);
  for (RunCommand* rank : {&zero, &one})
    rank->spec["params"]["steps"] = 1'000'000;
  auto first = std::async(std::launch::async, [&] { return run(board, zero); });
  auto second = std::async(std::launch::async, [&] { return run(board, one); });
  board.wait_for_lines(4);  // that they began, and that they are together
  board.cancel(1);
  for (auto* rank : {&first, &second}) {
    try {
      rank->get();
      FAIL() << "it trained on";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::cancelled);
    }
  }
}

}  // namespace
}  // namespace checkerlab::worker
