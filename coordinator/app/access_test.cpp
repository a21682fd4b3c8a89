// Who may do what: every route with every role, tokens from their issue to their end, workers and what is not theirs,
// and the audit log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "coordinator/auth/identity.hpp"
#include "rpc/http_connection.hpp"
#include "schemas/openapi.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using testing::HasSubstr;

struct Operation {
  Method method = Method::kGet;
  std::string name;  // "POST /api/v1/tokens"
  std::string target;
  std::set<std::string> roles;
};

std::string with_examples(std::string path) {
  const std::map<std::string, std::string> examples{
      {"{study}", "none"}, {"{key}", std::string(64, '0')}, {"{sha256}", std::string(64, '0')}};
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
    const auto name = path.substr(open, path.find('}') - open + 1);
    const auto found = examples.find(name);
    path.replace(open, name.size(), found == examples.end() ? "none" : found->second);
  }
  return path;
}

std::vector<Operation> operations() {
  const std::map<std::string, Method> methods{{"get", Method::kGet},
                                              {"head", Method::kHead},
                                              {"post", Method::kPost},
                                              {"put", Method::kPut},
                                              {"delete", Method::kDelete}};
  std::vector<Operation> list;
  const auto document = Json::parse(openapi_json());
  for (const auto& [path, items] : document.at("paths").items()) {
    for (const auto& [method, operation] : items.items()) {
      if (method == "parameters") continue;
      list.push_back({methods.at(method), method + " " + path, with_examples(path),
                      operation.at("x-roles").get<std::set<std::string>>()});
    }
  }
  return list;
}

// Of the answer's head alone: some answers never end.
int status_of(const rpc::Endpoint& endpoint, const Operation& operation) {
  const bool has_body = operation.method == Method::kPost || operation.method == Method::kPut;
  return rpc::HttpConnection(endpoint, {})
      .start({.method = operation.method,
              .target = operation.target,
              .body = has_body ? "{}" : "",
              .content_type = "application/json",
              .headers = {},
              .file = {}})
      .status;
}

bool should_open(const Operation& operation, Role given) {
  return std::any_of(operation.roles.begin(), operation.roles.end(),
                     [&](const std::string& role) { return includes(given, role_from(role).value()); });
}

TEST(Access, EveryRouteOpensForItsRolesAndNoOther) {
  RunningCoordinator coordinator;
  std::map<Role, std::string> tokens{{Role::anyone, ""}};
  for (const auto* role : {"read", "submit", "worker", "admin"})
    tokens[role_from(role).value()] = coordinator.issue(role);
  std::size_t checked = 0;
  for (const auto& operation : operations()) {
    if (operation.target == "/sign_in") continue;  // a wrong code is 401 for everyone
    for (const auto& [role, token] : tokens) {
      const int status = status_of(coordinator.endpoint_with(token), operation);
      if (should_open(operation, role)) {
        EXPECT_TRUE(status != 401 && status != 403) << operation.name << " as " << to_string(role) << ": " << status;
      } else {
        EXPECT_EQ(status, role == Role::anyone ? 401 : 403) << operation.name << " as " << to_string(role);
      }
      ++checked;
    }
  }
  EXPECT_GE(checked, 27u * 5);
}

TEST(Access, ATokenIsShownOnceAndListedWithoutItsText) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const auto issued = client.post(
      "/api/v1/tokens", {{"user", "ann"}, {"role", "submit"}, {"label", "laptop"}, {"expires_in_seconds", 3600}});
  EXPECT_TRUE(openapi_violations("IssuedToken", issued).empty());
  const auto text = issued.at("token").get<std::string>();
  rpc::HttpClient ann(coordinator.endpoint_with(text));
  EXPECT_EQ(ann.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}).at("jobs_new"), 1);
  const auto list = client.get("/api/v1/tokens");
  EXPECT_TRUE(openapi_violations("TokenList", list).empty());
  EXPECT_EQ(list.at("items").size(), 1u);
  EXPECT_EQ(list.at("items").at(0).at("state"), "valid");
  EXPECT_FALSE(list.at("items").at(0).at("last_used_at").is_null());
  EXPECT_THAT(list.dump(), testing::Not(HasSubstr(text)));
}

TEST(Access, TokensAndTheirUseSurviveARestart) {
  RunningCoordinator coordinator;
  const auto token = coordinator.issue("read");
  rpc::HttpClient(coordinator.endpoint_with(token)).get("/api/v1/studies");
  coordinator.restart();
  EXPECT_FALSE(coordinator.client().get("/api/v1/tokens").at("items").at(0).at("last_used_at").is_null());
  EXPECT_NO_THROW(rpc::HttpClient(coordinator.endpoint_with(token)).get("/api/v1/studies"));
}

std::string id_of(const RunningCoordinator& coordinator, const std::string& user) {
  const auto tokens = coordinator.client().get("/api/v1/tokens");
  for (const auto& token : tokens.at("items")) {
    if (token.at("user") == user) return token.at("id");
  }
  return {};
}

TEST(Access, RevokingEndsStreamsSessionsAndRequestsAtOnce) {
  RunningCoordinator coordinator;
  const auto token = coordinator.issue("read");
  rpc::HttpClient reader(coordinator.endpoint_with(token));
  const auto link = reader.post("/api/v1/sign_in_links").at("url").get<std::string>();
  auto visitor = coordinator.endpoint_with("");
  const auto target = link.substr(visitor.url().size());
  const auto cookie = rpc::HttpClient(visitor).request(Method::kGet, target).headers.at("set-cookie");
  const std::string session = cookie.substr(0, cookie.find(';'));
  const auto open_stream = [](const rpc::Endpoint& endpoint, std::map<std::string, std::string> headers) {
    auto stream = std::make_unique<rpc::HttpConnection>(endpoint, rpc::HttpOptions{});
    const auto head = stream->start({.method = Method::kGet,
                                     .target = "/api/v1/events",
                                     .body = {},
                                     .content_type = {},
                                     .headers = std::move(headers),
                                     .file = {}});
    EXPECT_EQ(head.status, 200);
    return stream;
  };
  const auto by_token = open_stream(coordinator.endpoint_with(token), {});
  const auto by_session = open_stream(visitor, {{"Cookie", session}});
  const auto others = open_stream(coordinator.endpoint(), {});

  const auto id = id_of(coordinator, "user of read");
  EXPECT_EQ(coordinator.client().post("/api/v1/tokens/" + id + "/revoke").at("state"), "revoked");

  std::string chunk(1000, '\0');
  const auto read_to_the_end = [&](rpc::HttpConnection& stream) {
    while (stream.read_body(chunk) > 0) {
    }
  };
  EXPECT_THROW(read_to_the_end(*by_token), rpc::TransportError);
  EXPECT_THROW(read_to_the_end(*by_session), rpc::TransportError);
  EXPECT_GT(others->read_body(chunk), 0u);
  EXPECT_EQ(rpc::HttpClient(coordinator.endpoint_with(token)).request(Method::kGet, "/api/v1/studies").status, 401);
  EXPECT_EQ(coordinator.client().request(Method::kPost, "/api/v1/tokens/owner/revoke").status, 404);
}

TEST(Access, ARevokedWorkerLosesItsConnection) {
  RunningCoordinator coordinator;
  FakeWorker worker(coordinator.endpoint_with(coordinator.issue("worker")));
  worker.say_hello("w");
  worker.next<rpc::Welcome>();
  coordinator.client().post("/api/v1/tokens/" + id_of(coordinator, "user of worker") + "/revoke");
  EXPECT_NO_THROW(worker.wait_for_close());
}

TEST(Access, AWorkersTokenMayBeForOneNameOnly) {
  RunningCoordinator coordinator;
  const auto token = coordinator.issue("worker", {{"worker", "gpu-3"}});
  FakeWorker other(coordinator.endpoint_with(token));
  other.say_hello("gpu-4");
  const auto problem = other.next<rpc::ProtocolError>().problem;
  EXPECT_EQ(problem.status, 403);
  EXPECT_THAT(problem.detail, HasSubstr("gpu-3"));
  FakeWorker right(coordinator.endpoint_with(token));
  right.say_hello("gpu-3");
  EXPECT_FALSE(right.next<rpc::Welcome>().worker_id.empty());
}

Json one_ratio_study() {
  return {{"definition", SystemFiles().read(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml")},
          {"overrides", {"sweep.ratios=[2]", "sweep.steps_per_scale=[1]", "sweep.guidance=[0]"}}};
}

TEST(Access, AWorkerReadsOnlyWhatItsAttemptsNeed) {
  RunningCoordinator coordinator;
  auto owner = coordinator.client();
  const std::string input = "what the next job needs";
  const std::string secret = "what it does not need";
  for (const auto& bytes : {input, secret})
    owner.request(Method::kPut, "/api/v1/artifacts/" + sha256_hex(bytes), bytes, "application/octet-stream");
  const auto token = coordinator.issue("worker");
  rpc::HttpClient files(coordinator.endpoint_with(token));
  const auto status_of_get = [&](const std::string& bytes) {
    return files.request(Method::kGet, "/api/v1/artifacts/" + sha256_hex(bytes)).status;
  };
  EXPECT_EQ(files.request(Method::kPut, "/api/v1/artifacts/" + sha256_hex("x"), "x").status, 409);

  owner.post("/api/v1/studies", one_ratio_study());
  FakeWorker worker(coordinator.endpoint_with(token));
  worker.say_hello("w", 1);
  auto job = worker.next<rpc::Assign>().jobs.at(0);
  ASSERT_TRUE(job.inputs.empty());
  EXPECT_EQ(status_of_get(input), 404);
  EXPECT_EQ(files.request(Method::kPut, "/api/v1/artifacts/" + sha256_hex("x"), "x").status, 201);
  // Every job's output is the same artifact, so that the first job with inputs needs it.
  while (job.inputs.empty()) {
    auto finished = succeeded(job);
    for (const auto* name : {"output", "network", "statistics"})
      finished.result->artifacts.push_back({.name = name, .sha256 = sha256_hex(input), .bytes = input.size()});
    worker.send(rpc::AttemptStarted{job.attempt});
    worker.send(finished);
    job = worker.next<rpc::Assign>().jobs.at(0);
  }
  EXPECT_EQ(status_of_get(input), 200);
  EXPECT_EQ(status_of_get(secret), 404);
  rpc::HttpClient idle(coordinator.endpoint_with(coordinator.issue("worker")));
  EXPECT_EQ(idle.request(Method::kGet, "/api/v1/artifacts/" + sha256_hex(input)).status, 404);
}

TEST(Access, TheAuditLogSaysWhoDidWhat) {
  RunningCoordinator coordinator;
  auto owner = coordinator.client();
  const auto token = coordinator.issue("submit");
  rpc::HttpClient user(coordinator.endpoint_with(token));
  const auto study = user.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}});
  EXPECT_EQ(study.at("owner"), "user of submit");
  user.get("/api/v1/studies");
  user.post("/api/v1/query", {{"sql", "select 1"}});
  EXPECT_EQ(user.request(Method::kPost, "/api/v1/studies/none/cancel").status, 404);
  EXPECT_EQ(user.request(Method::kGet, "/api/v1/audit").status, 403);

  const auto page = owner.get("/api/v1/audit?user=user%20of%20submit");
  EXPECT_TRUE(openapi_violations("AuditPage", page).empty());
  std::vector<std::string> lines;
  for (const auto& entry : page.at("items")) {
    lines.push_back(entry.at("method").get<std::string>() + " " + entry.at("subject").get<std::string>() + " " +
                    entry.at("status").dump());
    EXPECT_EQ(entry.at("address"), "127.0.0.1");
    EXPECT_EQ(entry.at("role"), "submit");
  }
  EXPECT_THAT(lines, testing::ElementsAre("GET /api/v1/audit 403", "POST /api/v1/studies/none/cancel 404",
                                          "POST /api/v1/query 200",
                                          "POST /api/v1/noop_studies " + study.at("id").get<std::string>() + " 201"));
  const auto mine = owner.get("/api/v1/audit?user=owner&limit=1");
  EXPECT_EQ(mine.at("items").at(0).at("route"), "/api/v1/tokens");
}

TEST(Access, TheAuditLogHasPagesOfItsOwn) {
  RunningCoordinator coordinator;
  auto owner = coordinator.client();
  for (int i = 0; i < 3; ++i)
    owner.post("/api/v1/query", {{"sql", "select 1"}});
  const auto first = owner.get("/api/v1/audit?limit=2");
  const auto cursor = first.at("next_cursor").get<std::string>();
  EXPECT_EQ(owner.get("/api/v1/audit?limit=2&cursor=" + cursor).at("items").size(), 1u);
  EXPECT_EQ(owner.request(Method::kGet, "/api/v1/studies?cursor=" + cursor).status, 400);
  EXPECT_EQ(owner.request(Method::kGet, "/api/v1/audit?cursor=1").status, 400);
}

TEST(Access, NoSecretCanBeAskedForInSql) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  for (const auto* sql : {"select * from tokens", "select count(*) from audit", "select body from replies",
                          "pragma table_info(tokens)", "select * from jobs where 1 in (select 1 from tokens)",
                          "select (select sha256 from Tokens limit 1)", "select * from pragma_table_info('tokens')",
                          "attach 'token' as t", "select readfile('token')", "select writefile('x', 'y')",
                          "select load_extension('x')", "with t as (select * from tokens) select * from t"}) {
    EXPECT_EQ(client.request(Method::kPost, "/api/v1/query", Json({{"sql", sql}}).dump()).status, 400) << sql;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
