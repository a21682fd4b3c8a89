#include <gmock/gmock.h>

#include "base/error.hpp"
#include "worker/protocol/line_splitter.hpp"
#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {
namespace {

const AttemptId kId{JobKey("key"), AttemptNumber{3}};

// What comes out at the other end of the pipe; the newline is the splitter's.
template <class Kind>
Kind round_trip(const Kind& event) {
  auto line = encode(Event(event));
  EXPECT_EQ(line.back(), '\n');
  line.pop_back();
  return std::get<Kind>(decode_event(line));
}

TEST(Protocol, CommandsSurviveTheTrip) {
  RunCommand run;
  run.id = kId;
  run.spec = {{"kind", "noop"}, {"params", {{"index", 1}}}};
  run.hints = {{"batch", 4}};
  run.inputs["dataset"] = {"k2", {{"dataset", {"/cache/ab", "sha"}}}, {{"classes", 4.0}}};
  run.scratch = "/scratch/x";
  run.resume = ResumePoint{"/cache/cd", 12};
  run.device = "cpu";
  run.gang = GangPart{.seat = {.rank = 2, .size = 3, .secret = "s"}, .listen_host = "10.0.0.7"};
  auto line = encode(Command(run));
  line.pop_back();
  const auto got = std::get<RunCommand>(decode_command(line));
  EXPECT_EQ(got.id, kId);
  EXPECT_EQ(got.spec, run.spec);
  EXPECT_EQ(got.hints, run.hints);
  EXPECT_EQ(got.inputs.at("dataset").files.at("dataset").path, "/cache/ab");
  EXPECT_EQ(got.inputs.at("dataset").metrics.at("classes"), 4.0);
  EXPECT_EQ(got.scratch, run.scratch);
  EXPECT_EQ(got.resume->step, 12);
  EXPECT_EQ(got.gang->seat.rank, 2);
  EXPECT_EQ(got.gang->seat.size, 3);
  EXPECT_EQ(got.gang->seat.secret, "s");
  EXPECT_EQ(got.gang->listen_host, "10.0.0.7");

  line = encode(Command(CancelCommand{kId}));
  EXPECT_EQ(std::get<CancelCommand>(decode_command(line)).id, kId);

  line = encode(Command(GangAddressCommand{kId, "10.0.0.7", 4000}));
  EXPECT_EQ(std::get<GangAddressCommand>(decode_command(line)).host, "10.0.0.7");
  EXPECT_EQ(std::get<GangAddressCommand>(decode_command(line)).port, 4000);
}

TEST(Protocol, EventsSurviveTheTrip) {
  EXPECT_EQ(round_trip(ProgressEvent{kId, 1, 2, "steps", "m"}).total, 2);
  EXPECT_EQ(round_trip(CurveEvent{kId, {{"loss", 5, 0.25}}}).points.front().value, 0.25);
  EXPECT_EQ(round_trip(LogEvent{kId, "info", "a\nb"}).text, "a\nb");
  EXPECT_EQ(round_trip(CheckpointEvent{kId, 9, "/s/c"}).path, "/s/c");
  EXPECT_EQ(round_trip(FailedEvent{kId, "c", "m", "f", true}).retryable, true);
  EXPECT_EQ(round_trip(CancelledEvent{kId}).id, kId);
  EXPECT_EQ(round_trip(GangListeningEvent{kId, "::1", 4000}).host, "::1");
  EXPECT_EQ(round_trip(GangListeningEvent{kId, "::1", 4000}).port, 4000);
  const auto done = round_trip(DoneEvent{kId, {{"fid", 1.5}}, {{"grid", "/s/g"}}, {{"code_version", "1"}}});
  EXPECT_EQ(done.metrics.at("fid"), 1.5);
  EXPECT_EQ(done.artifacts.at("grid"), "/s/g");
  EXPECT_EQ(done.identity.at("code_version"), "1");
}

TEST(Protocol, LogTextNeedNotBeUtf8) {
  EXPECT_THAT(round_trip(LogEvent{kId, "info", "broken \xff byte"}).text, ::testing::StartsWith("broken "));
}

TEST(Protocol, NonsenseIsRefused) {
  for (const char* line :
       {"", "{", "[]", "{}", R"({"type":"dance"})", R"({"type":"done","key":"k"})",
        R"({"type":"checkpoint","key":"k","attempt":1,"step":1e300,"path":"/s"})",
        R"({"type":"cancelled","key":"k","attempt":-1})", R"({"type":"cancel","key":"k","attempt":4294967296})"}) {
    EXPECT_THROW(decode_event(line), Error) << line;
    EXPECT_THROW(decode_command(line), Error) << line;
  }
}

TEST(Protocol, OnlyPlainNoopsAreLight) {
  const auto spec = [](const char* kind, const char* mode) {
    return Json{{"kind", kind}, {"params", {{"mode", mode}}}};
  };
  EXPECT_TRUE(is_light(spec("noop", "ok")));
  EXPECT_FALSE(is_light(spec("noop", "crash")));
  EXPECT_FALSE(is_light(spec("train_model", "ok")));
  EXPECT_FALSE(is_light(Json{{"kind", "noop"}}));
  EXPECT_FALSE(is_light(Json{{"kind", 1}, {"params", {{"mode", "ok"}}}}));
  EXPECT_FALSE(is_light(Json{{"kind", "noop"}, {"params", {{"mode", 1}}}}));
  RunCommand command;
  command.spec = spec("noop", "ok");
  EXPECT_TRUE(is_light(command));
  command.gang.emplace();
  EXPECT_FALSE(is_light(command)) << "it waits for others";
}

TEST(LineSplitter, CutsAtNewlinesWhereverTheBytesWereCut) {
  LineSplitter lines(100, LineSplitter::Overlong::kRefuse);
  lines.feed("one\ntw");
  EXPECT_EQ(lines.next(), "one");
  EXPECT_EQ(lines.next(), std::nullopt);
  lines.feed("o\n\nrest");
  EXPECT_EQ(lines.next(), "two");
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), std::nullopt);
  EXPECT_EQ(lines.take_rest(), "rest");
}

TEST(LineSplitter, BoundsTheLengthOfALine) {
  LineSplitter strict(4, LineSplitter::Overlong::kRefuse);
  strict.feed("too long");
  EXPECT_THROW(strict.next(), Error);
  LineSplitter lenient(4, LineSplitter::Overlong::kCut);
  lenient.feed("too long\n");
  EXPECT_EQ(lenient.next(), "too ");
  EXPECT_EQ(lenient.next(), "long");
}

}  // namespace
}  // namespace checkerlab::worker
