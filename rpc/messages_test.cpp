#include "rpc/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"
#include "schemas/validate.hpp"

namespace checkerlab::rpc {
namespace {

using testing::HasSubstr;

const std::string kKey(64, 'a');
const std::string kHash(64, 'b');
const AttemptRef kAttempt{JobKey(kKey), AttemptNumber{2}};

std::vector<WorkerMessage> worker_messages() {
  return {
      Hello{.name = "w",
            .instance = "i",
            .version = "1",
            .slots = 2,
            .prefetch = 1,
            .kinds = {"noop"},
            .device = {.type = "cuda", .name = "H200", .memory_bytes = 141'000'000'000, .count = 1},
            .held = {kAttempt},
            .labels = {{"gpu", "h200"}}},
      Heartbeat{{kAttempt}},
      AttemptStarted{kAttempt},
      Progress{.attempt = kAttempt, .done = 1, .total = 3, .unit = "steps", .message = "training"},
      Curve{.attempt = kAttempt, .points = {{.series = "loss", .step = 10, .value = 0.25}}},
      Log{.attempt = kAttempt, .lines = {{.time = "2026-01-01T00:00:00Z", .level = "info", .text = "ü"}}},
      Checkpoint{.attempt = kAttempt, .step = 5, .artifact = {.name = "state", .sha256 = kHash, .bytes = 9}},
      AttemptFinished{.attempt = kAttempt,
                      .outcome = Outcome::kSucceeded,
                      .result = JobResult{.metrics = {{"fid", 1.5}},
                                          .artifacts = {{.name = "model", .sha256 = kHash, .bytes = 3}},
                                          .identity = {{"evaluator_version", "1"}}},
                      .error = std::nullopt},
      AttemptFinished{.attempt = kAttempt,
                      .outcome = Outcome::kFailed,
                      .result = std::nullopt,
                      .error = JobFailure{.code = "crashed",
                                          .message = "signal 11",
                                          .fix = "",
                                          .signal = 11,
                                          .retryable = true,
                                          .log_tail = {"last"}}},
      AttemptFinished{
          .attempt = kAttempt, .outcome = Outcome::kCancelled, .result = std::nullopt, .error = std::nullopt},
      Heartbeat{{}, {{.index = 1, .busy = 0.75, .memory_used_bytes = 80'000'000'000, .memory_bytes = 141'000'000'000}}},
      AttemptStarted{kAttempt, 1.5},
      GangListening{.attempt = kAttempt, .host = "10.0.0.7", .port = 40'123},
  };
}

std::vector<CoordinatorMessage> coordinator_messages() {
  const Assignment job{.attempt = kAttempt,
                       .spec = {{"kind", "noop"}},
                       .hints = {{"label", "x"}},
                       .inputs = {{"model",
                                   {.key = JobKey(kKey),
                                    .artifacts = {{"model", {.sha256 = kHash, .bytes = 3}}},
                                    .metrics = {{"n", 1}}}}},
                       .checkpoint = CheckpointRef{.sha256 = kHash, .bytes = 9, .step = 5},
                       .gang = GangSeat{.rank = 1, .size = 4, .secret = "s"}};
  return {Welcome{.worker_id = "w1", .lease_seconds = 15, .heartbeat_seconds = 5},
          Assign{{job}},
          Cancel{.attempt = kAttempt, .reason = "study cancelled"},
          Ack{{{.attempt = kAttempt, .accepted = false, .reason = "stale"}}},
          GangAddress{.attempt = kAttempt, .host = "10.0.0.7", .port = 40'123},
          Drain{},
          ProtocolError{{.type = "urn:checkerlab:problem:conflict",
                         .title = "No",
                         .status = 409,
                         .detail = "why",
                         .fix = "fix",
                         .errors = {}}}};
}

TEST(Messages, WorkerMessagesSurviveTheWire) {
  for (const auto& message : worker_messages()) {
    const auto json = encode(message);
    EXPECT_EQ(json.at("v"), 1);
    const auto decoded = decode_worker_frame(json.dump());
    ASSERT_EQ(decoded.size(), 1u);
    EXPECT_EQ(encode(decoded.front()), json);
  }
}

TEST(Messages, CoordinatorMessagesSurviveTheWire) {
  for (const auto& message : coordinator_messages()) {
    const auto json = encode(message);
    const auto decoded = decode_coordinator_frame(json.dump());
    ASSERT_EQ(decoded.size(), 1u);
    EXPECT_EQ(encode(decoded.front()), json);
  }
}

TEST(Messages, TheShortWayToTextSaysTheSame) {
  for (const auto& message : worker_messages())
    EXPECT_EQ(Json::parse(encode_text(message)), encode(message));
  for (const auto& message : coordinator_messages())
    EXPECT_EQ(Json::parse(encode_text(message)), encode(message));
  const WorkerMessage plain = AttemptFinished{.attempt = kAttempt,
                                              .outcome = Outcome::kSucceeded,
                                              .result = JobResult{{{"a \"b\"", 0.1}, {"c", 1e300}}, {}, {}},
                                              .error = std::nullopt};
  EXPECT_EQ(Json::parse(encode_text(plain)), encode(plain));
}

TEST(Messages, ResultsAreStoredAsTheLibraryWouldWriteThem) {
  for (const JobResult& result : std::vector<JobResult>{{},
                                                        {{{"a \"b\"", 0.1}, {"c", 1e300}}, {}, {}},
                                                        {{{"n", 5}}, {{"model", kHash, 7}}, {{"code_version", "1"}}}})
    EXPECT_EQ(encode_text(result), encode(result).dump());
}

TEST(Messages, StoredTextsAreSentAsTheyAre) {
  Assignment job{.attempt = kAttempt, .spec_text = R"({"kind":"noop","params":{"x":1.50}})", .hints_text = "{}"};
  const auto text = encode_text(CoordinatorMessage(Assign{{job}}));
  EXPECT_THAT(text, HasSubstr(job.spec_text));
  EXPECT_EQ(Json::parse(text), encode(CoordinatorMessage(Assign{{job}})));
  job.checkpoint = CheckpointRef{.sha256 = kHash, .bytes = 9, .step = 5};
  EXPECT_EQ(Json::parse(encode_text(CoordinatorMessage(Assign{{job}}))), encode(CoordinatorMessage(Assign{{job}})));
  parse_texts(job);
  EXPECT_EQ(job.spec.at("params").at("x"), 1.5);
  EXPECT_TRUE(job.spec_text.empty());
}

TEST(Messages, ABatchKeepsItsOrder) {
  std::vector<Json> messages;
  for (const auto& message : worker_messages())
    messages.push_back(encode(message));
  const auto decoded = decode_worker_frame(encode_batch(messages).dump());
  ASSERT_EQ(decoded.size(), messages.size());
  for (std::size_t i = 0; i < decoded.size(); ++i)
    EXPECT_EQ(encode(decoded[i]), messages[i]);
}

TEST(Messages, UnknownFieldsAreIgnored) {
  auto json = encode(WorkerMessage(AttemptStarted{kAttempt}));
  json["new_field"] = 1;
  EXPECT_EQ(decode_worker_frame(json.dump()).size(), 1u);
}

TEST(Messages, LabelsAreOptionalAndHaveLimits) {
  auto json = encode(worker_messages()[0]);
  json.erase("labels");
  EXPECT_TRUE(std::get<Hello>(decode_worker_frame(json.dump()).front()).labels.empty());
  const auto complaint = [&](const Json& labels) -> std::string {
    json["labels"] = labels;
    try {
      decode_worker_frame(json.dump());
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(complaint({{"", "x"}}), HasSubstr("hello.labels: names have"));
  EXPECT_THAT(complaint({{"a", std::string(101, 'x')}}), HasSubstr("hello.labels: names have"));
  EXPECT_THAT(complaint({{"a", 1}}), HasSubstr("hello.labels.a: expected text"));
  Json many = Json::object();
  for (int i = 0; i < 65; ++i)
    many["l" + std::to_string(i)] = "x";
  EXPECT_THAT(complaint(many), HasSubstr("more than 64 labels"));
}

struct Malformed {
  std::string what;
  std::function<void(Json&)> damage;
  std::string complaint;
};

class MalformedMessage : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedMessage, IsRefusedByName) {
  auto json = encode(worker_messages()[7]);
  GetParam().damage(json);
  try {
    decode_worker_frame(json.dump());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
    EXPECT_THAT(error.what(), HasSubstr(GetParam().complaint));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fields, MalformedMessage,
    testing::Values(Malformed{"no_type", [](Json& j) { j.erase("type"); }, "message.type: missing"},
                    Malformed{"unknown_type", [](Json& j) { j["type"] = "hallo"; }, "unknown message type 'hallo'"},
                    Malformed{"no_version", [](Json& j) { j.erase("v"); }, "message.v: missing"},
                    Malformed{"no_key", [](Json& j) { j.erase("key"); }, "attempt_finished.key: missing"},
                    Malformed{"short_key", [](Json& j) { j["key"] = "abc"; }, "attempt_finished.key: expected 64"},
                    Malformed{"text_attempt", [](Json& j) { j["attempt"] = "1"; },
                              "attempt_finished.attempt: expected a whole number"},
                    Malformed{"zero_attempt", [](Json& j) { j["attempt"] = 0; },
                              "attempt_finished.attempt: must be at least 1"},
                    Malformed{"huge_attempt", [](Json& j) { j["attempt"] = 18446744073709551615u; },
                              "attempt_finished.attempt: too large"},
                    Malformed{"odd_outcome", [](Json& j) { j["outcome"] = "fine"; },
                              "attempt_finished.outcome: expected succeeded"},
                    Malformed{"no_result", [](Json& j) { j.erase("result"); }, "attempt_finished.result: missing"},
                    Malformed{"list_result", [](Json& j) { j["result"] = Json::array(); },
                              "attempt_finished.result: expected an object"},
                    Malformed{"text_metric", [](Json& j) { j["result"]["metrics"]["fid"] = "1"; },
                              "result.metrics.fid: expected a number"},
                    Malformed{"bad_hash", [](Json& j) { j["result"]["artifacts"][0]["sha256"] = "../etc"; },
                              "result.artifacts[0].sha256"},
                    Malformed{"negative_bytes", [](Json& j) { j["result"]["artifacts"][0]["bytes"] = -1; },
                              "result.artifacts[0].bytes: must be at least 0"}),
    [](const auto& test) { return test.param.what; });

TEST(Messages, NoJsonIsRefused) {
  for (const auto* text : {"", "{", "[]", "1", "nul", "{\"v\":1,\"type\":\"batch\",\"messages\":[1]}"}) {
    EXPECT_THROW(decode_worker_frame(text), Error) << text;
  }
}

TEST(Messages, AnotherVersionIsSaidSo) {
  try {
    decode_worker_frame(R"({"v":2,"type":"heartbeat","attempts":[]})");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::version_mismatch);
    EXPECT_THAT(error.what(), HasSubstr("version 2"));
    EXPECT_FALSE(error.fix().empty());
  }
}

TEST(Messages, FollowTheirSchemas) {
  for (const auto& message : worker_messages()) {
    const auto json = encode(message);
    EXPECT_NO_THROW(validate(SchemaName::worker_message, json)) << json;
  }
  for (const auto& message : coordinator_messages()) {
    const auto json = encode(message);
    EXPECT_NO_THROW(validate(SchemaName::coordinator_message, json)) << json;
  }
  EXPECT_NO_THROW(validate(SchemaName::worker_message, encode_batch({encode(worker_messages().front())})));
}

TEST(Messages, ResultsFollowTheirSchema) {
  const JobResult result{.metrics = {{"fid", 1.5}},
                         .artifacts = {{.name = "model", .sha256 = kHash, .bytes = 3}},
                         .identity = {{"evaluator_version", "1"}}};
  EXPECT_NO_THROW(validate(SchemaName::result, encode(result)));
}

TEST(Problem, SurvivesTheWireWithItsIssues) {
  const Problem problem{
      .type = "urn:checkerlab:problem:invalid_argument",
      .title = "Invalid",
      .status = 422,
      .detail = "two mistakes",
      .fix = "mend them",
      .errors = {{.line = 3, .column = 5, .path = "sweep.ratios.0", .message = "must be > 1", .fix = "2"}}};
  const auto read = parse_problem(422, to_json(problem).dump());
  EXPECT_EQ(to_json(read), to_json(problem));
  EXPECT_EQ(read.code(), "invalid_argument");
  EXPECT_EQ(ApiError(read).code(), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace checkerlab::rpc
