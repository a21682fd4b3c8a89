#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json token_document(const std::string& state) {
  return {{"id", "abc"},
          {"user", "ann"},
          {"role", "submit"},
          {"label", "laptop"},
          {"worker", ""},
          {"state", state},
          {"created_at", "2026-01-01T00:00:00Z"},
          {"created_by", "owner"},
          {"expires_at", nullptr},
          {"revoked_at", nullptr},
          {"last_used_at", nullptr}};
}

class AccessVerbs : public ::testing::Test {
 protected:
  AccessVerbs() { lab.write("token", "secret\n"); }
  testing::Outcome call(std::vector<std::string> args) {
    args.insert(args.end(), {"--url", server.url()});
    return lab.run_here(args);
  }
  testing::FakeCoordinator server;
  testing::LabFolder lab;
};

TEST_F(AccessVerbs, TokenAddPrintsTheTokenAlone) {
  json issued = token_document("valid");
  issued["token"] = "ckl_text";
  server.answer("POST /api/v1/tokens", issued, 201);
  const auto outcome = call({"token", "add", "ann", "--role", "submit", "--label", "laptop", "--expires", "90d"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "ckl_text\n");
  EXPECT_TRUE(contains(outcome.err, "not shown again")) << outcome.err;
  const json sent = json::parse(server.asked("POST /api/v1/tokens").at(0).body);
  EXPECT_EQ(sent.at("expires_in_seconds"), 90 * 86'400);
  EXPECT_EQ(sent.at("user"), "ann");
}

TEST_F(AccessVerbs, TokenNeedsARoleAndUnits) {
  EXPECT_EQ(call({"token", "add", "ann"}).code, 1);
  EXPECT_EQ(call({"token", "add", "ann", "--role", "king"}).code, 1);
  EXPECT_EQ(call({"token", "add", "ann", "--role", "read", "--expires", "90"}).code, 1);
  EXPECT_EQ(call({"token"}).code, 1);
}

TEST_F(AccessVerbs, TokenListAndRevoke) {
  server.answer("GET /api/v1/tokens", {{"items", json::array({token_document("valid")})}});
  const auto listed = call({"token", "list"});
  EXPECT_TRUE(contains(listed.out, "ann")) << listed.out << listed.err;
  EXPECT_TRUE(contains(listed.out, "never")) << listed.out;
  server.answer("POST /api/v1/tokens/abc/revoke", token_document("revoked"));
  const auto revoked = call({"token", "revoke", "abc", "--json"});
  EXPECT_EQ(json::parse(revoked.out).at("items").at(0).at("state"), "revoked");
}

TEST_F(AccessVerbs, AuditShowsEntries) {
  server.answer("GET /api/v1/audit", {{"items",
                                       {{{"time", "2026-01-01T00:00:00Z"},
                                         {"user", "ann"},
                                         {"token", "abc"},
                                         {"role", "submit"},
                                         {"method", "POST"},
                                         {"route", "/api/v1/studies"},
                                         {"subject", "/api/v1/studies 12ab"},
                                         {"status", nullptr},
                                         {"address", "10.0.0.7"}}}},
                                      {"next_cursor", nullptr}});
  const auto outcome = call({"audit", "--user", "ann"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "/api/v1/studies 12ab")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "?")) << outcome.out;
  EXPECT_TRUE(contains(server.asked("GET /api/v1/audit").at(0).target, "user=ann"));
}

}  // namespace
}  // namespace checkerlab::cli
