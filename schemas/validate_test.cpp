#include "schemas/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

const std::string kKey(64, 'a');

Json shard_spec() {
  return {{"kind", "evaluate_shard"},
          {"recipe", 1},
          {"inputs", {{"tokenizer", kKey}, {"model", kKey}, {"network", kKey}}},
          {"params",
           {{"steps_per_scale", 4},
            {"guidance", 0.5},
            {"guidance_start_step", 0},
            {"temperature", 1},
            {"seed", 0},
            {"begin", 0},
            {"end", 250},
            {"precision", "fp32"}}}};
}

std::vector<std::string> pointers(SchemaName name, const Json& document) {
  std::vector<std::string> list;
  for (const auto& violation : schema_violations(name, document))
    list.push_back(violation.pointer);
  return list;
}

TEST(Schemas, EverySchemaCompiles) {
  for (const auto& kind : job_kinds())
    EXPECT_EQ(schema_document(job_schema(kind)).at("properties").at("kind").at("enum"), Json::array({kind}));
  for (const auto name : {SchemaName::study, SchemaName::worker_message, SchemaName::coordinator_message,
                          SchemaName::result, SchemaName::recipe})
    EXPECT_TRUE(schema_document(name).contains("title"));
}

TEST(Schemas, AcceptsAJobSpec) {
  EXPECT_NO_THROW(validate_job_spec(shard_spec()));
}

TEST(Schemas, NamesThePlaceOfEveryViolation) {
  Json spec = shard_spec();
  spec["params"]["steps_per_scale"] = 0;
  spec["inputs"]["network"] = "not a key";
  EXPECT_THAT(pointers(SchemaName::evaluate_shard, spec),
              testing::UnorderedElementsAre("/params/steps_per_scale", "/inputs/network"));
  try {
    validate_job_spec(spec);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
    EXPECT_THAT(error.what(), HasSubstr("/params/steps_per_scale"));
    EXPECT_THAT(error.what(), HasSubstr("/inputs/network"));
  }
}

TEST(Schemas, RefusesUnknownParamsAndKinds) {
  Json spec = shard_spec();
  spec["params"]["batch"] = 64;  // a hint, never part of a spec
  EXPECT_THROW(validate_job_spec(spec), Error);
  EXPECT_THROW(validate_job_spec({{"kind", "mine_coins"}}), Error);
  EXPECT_THROW(validate_job_spec(Json::array()), Error);
}

TEST(Schemas, ModelsNeedTokensOfASize) {
  Json spec{{"kind", "train_model"}, {"recipe", 1}, {"inputs", {{"tokenizer", kKey}}}, {"params", Json::object()}};
  EXPECT_THAT(pointers(SchemaName::train_model, spec), testing::Contains("/inputs"));
  spec["inputs"]["tokens.016"] = kKey;
  EXPECT_THAT(pointers(SchemaName::train_model, spec), testing::Not(testing::Contains("/inputs")));
  spec["inputs"]["tokens.16"] = kKey;
  EXPECT_THAT(pointers(SchemaName::train_model, spec), testing::Contains("/inputs"));
}

TEST(Schemas, ChecksEveryMessageOfABatch) {
  const Json progress{{"v", 1},    {"type", "progress"}, {"key", kKey},     {"attempt", 1},
                      {"done", 3}, {"total", 10},        {"unit", "steps"}, {"message", ""}};
  Json batch{{"v", 1}, {"type", "batch"}, {"messages", {progress, progress}}};
  EXPECT_TRUE(schema_violations(SchemaName::worker_message, batch).empty());
  batch["messages"][1]["done"] = -1;
  EXPECT_THAT(pointers(SchemaName::worker_message, batch), testing::Contains("/messages/1/done"));
}

TEST(Schemas, ASucceededAttemptNeedsAResult) {
  Json finished{{"v", 1}, {"type", "attempt_finished"}, {"key", kKey}, {"attempt", 1}, {"outcome", "succeeded"}};
  EXPECT_FALSE(schema_violations(SchemaName::worker_message, finished).empty());
  finished["result"] = {{"metrics", {{"fid", 1.5}}}, {"artifacts", Json::array()}};
  EXPECT_TRUE(schema_violations(SchemaName::worker_message, finished).empty());
  finished["outcome"] = "failed";
  EXPECT_FALSE(schema_violations(SchemaName::worker_message, finished).empty());
}

TEST(Schemas, RefusesUnknownMessages) {
  EXPECT_FALSE(schema_violations(SchemaName::coordinator_message, {{"v", 1}, {"type", "dance"}}).empty());
  EXPECT_FALSE(schema_violations(SchemaName::coordinator_message, {{"v", 2}, {"type", "drain"}}).empty());
  EXPECT_TRUE(schema_violations(SchemaName::coordinator_message, {{"v", 1}, {"type", "drain"}}).empty());
}

}  // namespace
}  // namespace checkerlab
