// Readers of what comes over the wire, given what nobody should send.
#include <gtest/gtest.h>

#include "base/testing/mutations.hpp"
#include "rpc/endpoint.hpp"
#include "rpc/event_parser.hpp"
#include "rpc/fields.hpp"
#include "rpc/messages.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::rpc {
namespace {

constexpr int kCount = 20'000;

AttemptRef attempt() {
  return {JobKey(std::string(64, 'a')), AttemptNumber{3}};
}

std::vector<std::string> worker_frames() {
  const std::vector<WorkerMessage> messages{
      Hello{.name = "w",
            .instance = "i",
            .version = "1",
            .slots = 2,
            .prefetch = 4,
            .kinds = {"noop"},
            .device = {.type = "cpu", .name = "none", .memory_bytes = 0, .count = 1},
            .held = {attempt()}},
      Heartbeat{{attempt(), attempt()}},
      AttemptStarted{attempt()},
      Progress{.attempt = attempt(), .done = 1, .total = 2, .unit = "steps", .message = "ü"},
      Curve{.attempt = attempt(), .points = {{"loss", 1, 0.5}}},
      Log{.attempt = attempt(), .lines = {{"2026-01-01T00:00:00Z", "info", "working"}}},
      Checkpoint{.attempt = attempt(), .step = 7, .artifact = {"checkpoint", std::string(64, 'b'), 10}},
      AttemptFinished{
          .attempt = attempt(),
          .outcome = Outcome::kSucceeded,
          .result = JobResult{{{"fid", 1.5}}, {{"model", std::string(64, 'c'), 9}}, {{"code_version", "1"}}},
          .error = std::nullopt}};
  std::vector<std::string> frames;
  std::vector<Json> all;
  for (const auto& message : messages) {
    all.push_back(encode(message));
    frames.push_back(all.back().dump());
  }
  frames.push_back(encode_batch(all).dump());
  return frames;
}

TEST(Mutations, FramesOfWorkers) {
  Mutations mutations(worker_frames());
  EXPECT_GT(refused_mutations(mutations, kCount, [](const std::string& text) { decode_worker_frame(text); }),
            kCount / 2);
}

TEST(Mutations, FramesOfTheCoordinator) {
  const std::vector<CoordinatorMessage> messages{
      Welcome{"id", 15, 5},
      Assign{{Assignment{.attempt = attempt(), .spec = {{"kind", "noop"}}, .hints = Json::object()}}},
      Cancel{attempt(), "study_cancelled"},
      Ack{{{attempt(), true, ""}}},
      Drain{},
      ProtocolError{parse_problem(400, "no")}};
  std::vector<std::string> frames;
  for (const auto& message : messages)
    frames.push_back(encode(message).dump());
  Mutations mutations(std::move(frames));
  EXPECT_GT(refused_mutations(mutations, kCount, [](const std::string& text) { decode_coordinator_frame(text); }),
            kCount / 2);
}

TEST(Mutations, Json) {
  Mutations mutations(
      {R"({"a": [1, 2.5, "x\u00e4", null, true, {"b": {}}], "c": -0.0e-5})", "[[[[[[]]]]]]", "\"text\""});
  EXPECT_GT(refused_mutations(mutations, kCount, [](const std::string& text) { parse_json(text, "the text"); }),
            kCount / 4);
}

TEST(Mutations, ProblemsAndEventsAndAddresses) {
  Mutations problems(
      {R"({"type":"urn:checkerlab:problem:not_found","title":"No","status":404,"detail":"d","errors":[{"line":1}]})"});
  EXPECT_EQ(refused_mutations(problems, kCount, [](const std::string& text) { parse_problem(500, text); }), 0);
  const std::string deep =
      R"({"title":"t","errors":[)" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "]}";
  EXPECT_EQ(parse_problem(500, deep).errors.size(), 0U);
  Mutations events({"id: 7\nevent: job\ndata: {}\n\n", ": comment\r\nretry: 5\r\ndata: a\r\ndata: b\r\n\r\n"});
  EXPECT_EQ(refused_mutations(events, kCount,
                              [](const std::string& text) {
                                EventParser parser;
                                parser.feed(text, [](const ServerEvent&) { return true; });
                              }),
            0);
  Mutations addresses({"http://127.0.0.1:8765", "https://[::1]:80/", "lab.example"});
  EXPECT_GT(refused_mutations(addresses, kCount, [](const std::string& text) { parse_endpoint(text); }), 0);
}

}  // namespace
}  // namespace checkerlab::rpc
