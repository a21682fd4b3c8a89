// One attempt inside a runner: what is reported, and how it ends.
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "base/error.hpp"
#include "worker/protocol/line_splitter.hpp"
#include "worker/runner/noop.hpp"
#include "worker/runner/run_attempt.hpp"

namespace checkerlab::worker {
namespace {

using std::chrono::milliseconds;

const AttemptId kId{JobKey("key"), AttemptNumber{1}};

class AttemptTest : public ::testing::Test {
 protected:
  AttemptTest() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
    writer_ = std::make_unique<EventWriter>(ends_[1]);
    registry_.add(std::make_unique<NoopJob>());
  }
  ~AttemptTest() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  // Everything written so far.
  std::vector<Event> events() {
    writer_->send(ReadyEvent{});  // so that there is something to read
    std::array<char, 65536> bytes{};
    const auto count = ::read(ends_[0], bytes.data(), bytes.size());
    lines_.feed({bytes.data(), static_cast<std::size_t>(count)});
    std::vector<Event> events;
    while (auto line = lines_.next())
      events.push_back(decode_event(*line));
    events.pop_back();
    return events;
  }

  AttemptEnd run(
      const Json& params, const std::function<void(AttemptContext&)>& prepare = [](AttemptContext&) {}) {
    Work work;
    work.command.id = kId;
    work.command.spec = {{"kind", "noop"}, {"params", params}};
    work.context = std::make_shared<AttemptContext>(kId, *writer_, clock_);
    prepare(*work.context);
    return run_attempt(work, registry_, warm_);
  }

  std::array<int, 2> ends_{};
  std::unique_ptr<EventWriter> writer_;
  LineSplitter lines_{1 << 20, LineSplitter::Overlong::kRefuse};
  ManualClock clock_{UtcTime{}};
  JobRegistry registry_;
  WarmCache warm_{2};
};

TEST_F(AttemptTest, ThinsProgressToTenASecond) {
  AttemptContext context(kId, *writer_, clock_);
  for (int step = 1; step <= 100; ++step) {
    context.progress(step, 1000, "steps", "");
    clock_.advance(milliseconds(10));
  }
  EXPECT_EQ(events().size(), 10U);
}

TEST_F(AttemptTest, AlwaysReportsTheLastStep) {
  AttemptContext context(kId, *writer_, clock_);
  context.progress(1, 3, "steps", "");
  context.progress(2, 3, "steps", "");
  context.progress(3, 3, "steps", "");
  const auto all = events();
  EXPECT_EQ(std::get<ProgressEvent>(all.back()).done, 3);
}

TEST_F(AttemptTest, RepeatsProgressAfterASecondOfSilence) {
  AttemptContext context(kId, *writer_, clock_);
  context.progress(1, 3, "steps", "");
  context.tick();
  EXPECT_EQ(events().size(), 1U);
  clock_.advance(milliseconds(1000));
  context.tick();
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(AttemptTest, SendsHeldBackProgressAtATick) {
  AttemptContext context(kId, *writer_, clock_);
  context.progress(1, 9, "steps", "");
  context.progress(2, 9, "steps", "");
  clock_.advance(milliseconds(100));
  context.tick();
  EXPECT_EQ(std::get<ProgressEvent>(events().back()).done, 2);
}

TEST_F(AttemptTest, RefusesACurveThatIsNotFinite) {
  AttemptContext context(kId, *writer_, clock_);
  EXPECT_THROW(context.curve("loss", 1, std::nan("")), Error);
}

TEST_F(AttemptTest, EndsInADoneEvent) {
  const auto end = run({{"index", 4}, {"mode", "ok"}});
  EXPECT_EQ(std::get<DoneEvent>(end.event).metrics.at("index"), 4);
  EXPECT_TRUE(end.process_sound);
}

TEST_F(AttemptTest, EndsInAFailedEventThatIsNotRetried) {
  const auto end = run({{"index", 4}, {"mode", "fail"}});
  const auto& failed = std::get<FailedEvent>(end.event);
  EXPECT_EQ(failed.code, "invalid_argument");
  EXPECT_FALSE(failed.retryable);
}

TEST_F(AttemptTest, EndsCancelledWhenItWasCancelledBefore) {
  const auto end = run({{"index", 4}, {"mode", "hang"}}, [](AttemptContext& context) { context.cancel(); });
  EXPECT_TRUE(std::holds_alternative<CancelledEvent>(end.event));
}

TEST_F(AttemptTest, RefusesBrokenParams) {
  for (const auto& params :
       {Json{{"mode", "ok"}}, Json{{"index", "one"}, {"mode", "ok"}}, Json{{"index", 1}, {"mode", "jump"}}}) {
    EXPECT_TRUE(std::holds_alternative<FailedEvent>(run(params).event)) << params;
  }
}

class Thrower final : public JobKind {
 public:
  std::string_view name() const override { return "throw"; }
  JobOutput run(const RunCommand&, JobContext&, WarmCache&) override { throw std::runtime_error("surprise"); }
};

TEST_F(AttemptTest, AnUnexpectedExceptionIsRetriedInAFreshProcess) {
  registry_.add(std::make_unique<Thrower>());
  Work work;
  work.command.id = kId;
  work.command.spec = {{"kind", "throw"}};
  work.context = std::make_shared<AttemptContext>(kId, *writer_, clock_);
  const auto end = run_attempt(work, registry_, warm_);
  EXPECT_TRUE(std::get<FailedEvent>(end.event).retryable);
  EXPECT_THAT(std::get<FailedEvent>(end.event).message, ::testing::HasSubstr("surprise"));
  EXPECT_FALSE(end.process_sound);
}

// Ends as it is told to, as a rank of a gang.
class EndingRank final : public JobKind {
 public:
  explicit EndingRank(ErrorCode code) : code_(code) {}
  std::string_view name() const override { return "rank"; }
  JobOutput run(const RunCommand&, JobContext&, WarmCache&) override { throw Error(code_, "for a reason", "do this"); }

 private:
  ErrorCode code_;
};

class RankEnd : public AttemptTest, public ::testing::WithParamInterface<ErrorCode> {
 protected:
  RankEnd() { registry_.add(std::make_unique<EndingRank>(GetParam())); }
  AttemptEnd end(bool cancel) {
    Work work;
    work.command.id = kId;
    work.command.spec = {{"kind", "rank"}};
    work.command.gang.emplace();
    work.context = std::make_shared<AttemptContext>(kId, *writer_, clock_);
    if (cancel) work.context->cancel();
    return run_attempt(work, registry_, warm_);
  }
};

class EndBecauseOfAnotherRank : public RankEnd {};

TEST_P(EndBecauseOfAnotherRank, IsRetriedAndSaysThatItIsNoCauseOfItsOwn) {
  const auto event = std::get<FailedEvent>(end(false).event);
  EXPECT_EQ(event.code, kRankGone);
  EXPECT_EQ(event.message, "for a reason");
  EXPECT_EQ(event.fix, "do this");
  EXPECT_TRUE(event.retryable);
}

TEST_P(EndBecauseOfAnotherRank, IsACancelWhereItWasAskedFor) {
  EXPECT_TRUE(std::holds_alternative<CancelledEvent>(end(true).event));
}

INSTANTIATE_TEST_SUITE_P(Codes, EndBecauseOfAnotherRank,
                         ::testing::Values(ErrorCode::unavailable, ErrorCode::timeout, ErrorCode::cancelled),
                         [](const auto& code) { return std::string(to_string(code.param)); });

class EndOfARankForItsOwnReason : public RankEnd {};

TEST_P(EndOfARankForItsOwnReason, IsThatReason) {
  const auto event = std::get<FailedEvent>(end(false).event);
  EXPECT_EQ(event.code, to_string(GetParam()));
  EXPECT_FALSE(event.retryable);
}

INSTANTIATE_TEST_SUITE_P(Codes, EndOfARankForItsOwnReason,
                         ::testing::Values(ErrorCode::out_of_memory, ErrorCode::invalid_data),
                         [](const auto& code) { return std::string(to_string(code.param)); });

TEST(WarmCache, DropsTheLongestUnused) {
  WarmCache cache(2);
  int made = 0;
  const auto make = [&] { return std::make_shared<int>(++made); };
  cache.get<int>("a", make);
  cache.get<int>("b", make);
  cache.get<int>("a", make);
  cache.get<int>("c", make);
  EXPECT_EQ(made, 3);
  EXPECT_EQ(*cache.get<int>("a", make), 1);
  cache.get<int>("b", make);
  EXPECT_EQ(made, 4) << "b was dropped";
  EXPECT_EQ(cache.size(), 2U);
}

TEST(WarmCache, TellsTypesApart) {
  WarmCache cache(2);
  cache.get<int>("a", [] { return std::make_shared<int>(1); });
  EXPECT_EQ(*cache.get<std::string>("a", [] { return std::make_shared<std::string>("x"); }), "x");
}

TEST(CommandQueue, CancelReachesWhatRunsAndWhatWaits) {
  const SystemClock clock;
  EventWriter writer(-1);
  CommandQueue queue(writer, clock);
  RunCommand first;
  first.id = kId;
  RunCommand second;
  second.id = {JobKey("other"), AttemptNumber{1}};
  queue.push(first);
  queue.push(second);
  const auto running = queue.next();
  queue.cancel(first.id);
  queue.cancel(second.id);
  EXPECT_TRUE(running->context->cancelled());
  EXPECT_TRUE(queue.next()->context->cancelled());
  queue.close();
  EXPECT_FALSE(queue.next().has_value());
}

TEST(CommandQueue, TellsWhereRankZeroIsToWhatRunsAndWhatWaits) {
  const SystemClock clock;
  EventWriter writer(-1);
  CommandQueue queue(writer, clock);
  RunCommand first, second;
  first.id = kId;
  second.id = {JobKey("other"), AttemptNumber{1}};
  queue.push(first);
  queue.push(second);
  const auto running = queue.next();
  queue.tell({first.id, "10.0.0.7", 7});
  queue.tell({second.id, "10.0.0.8", 8});
  queue.tell({{JobKey("over"), AttemptNumber{1}}, "10.0.0.9", 9});
  EXPECT_EQ(running->context->wait_for_rank_zero().host, "10.0.0.7");
  EXPECT_EQ(queue.next()->context->wait_for_rank_zero().port, 8);
}

TEST_F(AttemptTest, ARankThatIsCancelledWaitsForNobody) {
  AttemptContext context(kId, *writer_, clock_);
  context.cancel();
  context.tell({kId, "10.0.0.7", 7});
  EXPECT_THROW(context.wait_for_rank_zero(), Error);
}

TEST(JobRegistry, NamesTheKindsThereAre) {
  JobRegistry registry;
  registry.add(std::make_unique<NoopJob>());
  EXPECT_THROW(registry.add(std::make_unique<NoopJob>()), Error);
  try {
    registry.find("nope");
    FAIL() << "an unknown kind was found";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("nope"));
    EXPECT_THAT(error.fix(), ::testing::HasSubstr("noop"));
  }
}

}  // namespace
}  // namespace checkerlab::worker
