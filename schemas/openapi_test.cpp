#include "schemas/openapi.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using Json = nlohmann::json;

void for_each_reference(const Json& value, const std::function<void(const std::string&)>& visit) {
  if (value.is_object() && value.contains("$ref")) visit(value.at("$ref").get<std::string>());
  if (!value.is_structured()) return;
  for (const auto& item : value)
    for_each_reference(item, visit);
}

TEST(Openapi, KeepsTheTypesOfScalars) {
  const Json document = Json::parse(openapi_json());
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  EXPECT_EQ(document.at("info").at("version"), "1");
  EXPECT_TRUE(document.at("paths").at("/healthz").at("get").at("responses").contains("200"));
  EXPECT_EQ(document.at("components").at("schemas").at("Version").at("properties").at("api_version").at("const"), 1);
}

TEST(Openapi, EveryReferenceLeadsSomewhere) {
  const Json document = Json::parse(openapi_json());
  int count = 0;
  for_each_reference(document, [&](const std::string& reference) {
    ++count;
    ASSERT_TRUE(reference.starts_with("#/")) << reference;
    EXPECT_TRUE(document.contains(Json::json_pointer(reference.substr(1)))) << reference;
  });
  EXPECT_GT(count, 100);
}

TEST(Openapi, EveryRequiredPropertyIsDescribed) {
  const Json document = Json::parse(openapi_json());
  for (const auto& [name, schema] : document.at("components").at("schemas").items()) {
    if (!schema.contains("required")) continue;
    for (const auto& property : schema.at("required"))
      EXPECT_TRUE(schema.at("properties").contains(property.get<std::string>())) << name << "." << property;
  }
}

TEST(Openapi, EveryOperationHasAnIdAndAnErrorAnswer) {
  const Json document = Json::parse(openapi_json());
  for (const auto& [path, operations] : document.at("paths").items()) {
    for (const auto& [method, operation] : operations.items()) {
      if (method == "parameters" || path == "/healthz") continue;
      EXPECT_TRUE(operation.contains("operationId")) << method << " " << path;
      EXPECT_TRUE(operation.at("responses").contains("default")) << method << " " << path;
    }
  }
}

TEST(Openapi, AnswersCanBeChecked) {
  Json problem{
      {"type", "about:blank"}, {"title", "Not found"}, {"status", 404}, {"detail", "no such job"}, {"fix", ""}};
  EXPECT_TRUE(openapi_violations("Problem", problem).empty());
  problem["errors"] = Json::array({{{"line", -1}, {"column", 0}, {"path", ""}, {"message", ""}, {"fix", ""}}});
  const auto violations = openapi_violations("Problem", problem);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].pointer, "/errors/0/line");
  EXPECT_THROW(openapi_violations("Nothing", problem), Error);
}

TEST(Openapi, NullIsAllowedOnlyWhereItIsPromised) {
  const Json link{{"url", "http://127.0.0.1/"}, {"expires_at", nullptr}};
  EXPECT_FALSE(openapi_violations("SignInLink", link).empty());
  const Json page{{"items", Json::array()}, {"next_cursor", nullptr}};
  EXPECT_TRUE(openapi_violations("StudyPage", page).empty());
}

TEST(Openapi, EventsAreToldApart) {
  EXPECT_TRUE(openapi_violations("Event", {{"type", "reset"}}).empty());
  EXPECT_FALSE(openapi_violations("Event", {{"type", "study"}}).empty());
  EXPECT_FALSE(openapi_violations("Event", {{"type", "gossip"}}).empty());
}

}  // namespace
}  // namespace checkerlab
