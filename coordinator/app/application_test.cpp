// The whole server through the real clients.
#include "coordinator/app/application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using testing::ElementsAre;
using testing::HasSubstr;

int status_of_get(const rpc::Endpoint& endpoint, const std::string& target) {
  return rpc::HttpClient(endpoint).request(Method::kGet, target).status;
}

TEST(Application, AnswersAndRemovesItsFile) {
  RunningCoordinator coordinator;
  EXPECT_EQ(coordinator.client().get("/healthz"), Json({{"status", "ok"}}));
  const auto version = coordinator.client().get("/api/v1/version");
  EXPECT_EQ(version.at("api_version"), 1);
  EXPECT_EQ(version.at("database"), (coordinator.data() / "checkerlab.db").string());
  const auto file = rpc::read_coordinator_file(coordinator.data());
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->url, coordinator.endpoint().url());
  coordinator.stop();
  EXPECT_FALSE(rpc::read_coordinator_file(coordinator.data()).has_value());
}

TEST(Application, NeedsTheToken) {
  RunningCoordinator coordinator;
  auto endpoint = coordinator.endpoint();
  endpoint.token = "wrong";
  EXPECT_EQ(status_of_get(endpoint, "/healthz"), 200);
  EXPECT_EQ(status_of_get(endpoint, "/"), 200);
  const auto refused = rpc::HttpClient(endpoint).request(Method::kGet, "/api/v1/studies");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json");
  EXPECT_THAT(refused.json().at("fix").get<std::string>(), HasSubstr("checkerlab web"));
}

TEST(Application, ASignInLinkWorksOnce) {
  RunningCoordinator coordinator;
  const auto link = coordinator.client().post("/api/v1/sign_in_links").at("url").get<std::string>();
  EXPECT_THAT(link, HasSubstr(coordinator.endpoint().url() + "/sign_in?code="));
  auto visitor = coordinator.endpoint();
  visitor.token.clear();
  const auto target = link.substr(coordinator.endpoint().url().size());
  const auto first = rpc::HttpClient(visitor).request(Method::kGet, target);
  EXPECT_EQ(first.status, 303);
  EXPECT_EQ(first.headers.at("location"), "/");
  EXPECT_THAT(first.headers.at("set-cookie"), HasSubstr("HttpOnly; SameSite=Strict"));
  EXPECT_EQ(status_of_get(visitor, target), 401);
}

// Requests as a browser sends them: a cookie, and a Host and Origin that a foreign page may have chosen.
class Browser : public testing::Test {
 protected:
  Browser() {
    const auto link = coordinator_.client().post("/api/v1/sign_in_links").at("url").get<std::string>();
    const auto answer = ask(Method::kGet, link.substr(coordinator_.endpoint().url().size()), {});
    const auto& cookie = answer.headers.at("set-cookie");
    cookie_ = cookie.substr(0, cookie.find(';'));
  }
  rpc::Endpoint visitor() const {
    auto endpoint = coordinator_.endpoint();
    endpoint.token.clear();
    return endpoint;
  }
  rpc::HttpResponse ask(Method method, const std::string& target, std::map<std::string, std::string> headers) {
    if (!cookie_.empty()) headers.emplace("Cookie", cookie_);
    const bool has_body = method == Method::kPost || method == Method::kPut;
    return rpc::HttpConnection(visitor(), {})
        .exchange({.method = method,
                   .target = target,
                   .body = has_body ? R"({"name":"n","count":1})" : "",
                   .content_type = "application/json",
                   .headers = std::move(headers),
                   .file = {}});
  }
  RunningCoordinator coordinator_;
  std::string cookie_;
};

TEST_F(Browser, ASessionReadsAndSubmitsButIsNoWorker) {
  const std::string own = coordinator_.endpoint().url();
  EXPECT_EQ(ask(Method::kGet, "/api/v1/studies", {}).status, 200);
  EXPECT_EQ(ask(Method::kPost, "/api/v1/noop_studies", {{"Origin", own}}).status, 201);
  EXPECT_EQ(ask(Method::kPost, "/api/v1/sign_in_links", {{"Origin", own}}).status, 403);
  EXPECT_EQ(ask(Method::kPut, "/api/v1/artifacts/" + sha256_hex("x"), {{"Origin", own}}).status, 403);
}

TEST_F(Browser, AnotherSiteCannotSubmit) {
  EXPECT_EQ(ask(Method::kPost, "/api/v1/noop_studies", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(ask(Method::kPost, "/api/v1/noop_studies", {}).status, 403);
  EXPECT_EQ(ask(Method::kGet, "/api/v1/studies", {{"Host", "evil.example"}}).status, 421);
}

TEST_F(Browser, AForgedCookieIsNoSession) {
  cookie_.back() = cookie_.back() == '0' ? '1' : '0';
  EXPECT_EQ(ask(Method::kGet, "/api/v1/studies", {}).status, 401);
}

TEST(Application, ProblemsSayWhatIsWrong) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  EXPECT_EQ(client.request(Method::kGet, "/api/v1/nothing").status, 404);
  EXPECT_EQ(client.request(Method::kDelete, "/api/v1/studies").status, 405);
  EXPECT_EQ(client.request(Method::kGet, "/api/v1/studies?limit=0").status, 400);
  EXPECT_EQ(client.request(Method::kGet, "/api/v1/studies?page=1").status, 400);
  EXPECT_EQ(client.request(Method::kGet, "/api/v1/studies/none").status, 404);
  EXPECT_EQ(client.request(Method::kPost, "/api/v1/query", "{").status, 422);
  EXPECT_EQ(client.request(Method::kPost, "/api/v1/query", R"({"sql":1})").json().at("detail"),
            "body.sql: expected text, found number");
  EXPECT_EQ(client.request(Method::kPost, "/api/v1/noop_studies", std::string(100'000, ' ')).status, 413);
}

TEST(Application, AStudyWithMistakesNamesEveryOne) {
  RunningCoordinator coordinator;
  try {
    coordinator.client().post("/api/v1/studies", {{"definition", "schema: 1\nnmae: x\n"}, {"filename", "my.yaml"}});
    FAIL() << "no error";
  } catch (const rpc::ApiError& error) {
    EXPECT_EQ(error.status(), 422);
    EXPECT_FALSE(error.problem().errors.empty());
    EXPECT_THAT(error.what(), HasSubstr("my.yaml:2"));
  }
}

TEST(Application, ServesThePage) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  for (const auto* target : {"/", "/studies/demo", "/jobs/abc"}) {
    const auto page = client.request(Method::kGet, target);
    EXPECT_EQ(page.status, 200) << target;
    EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.headers.at("cache-control"), "no-cache");
    EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  }
  const auto script = client.request(Method::kGet, "/assets/app-1.js");
  EXPECT_EQ(script.body, "let x;");
  EXPECT_THAT(script.headers.at("cache-control"), HasSubstr("immutable"));
  EXPECT_EQ(client.request(Method::kGet, "/assets/gone.js").status, 404);
}

TEST(Application, ANoopStudyRunsToItsEnd) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const auto study = client.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 3}});
  EXPECT_EQ(study.at("jobs_new"), 3);
  FakeWorker worker(coordinator.endpoint());
  worker.say_hello("w");
  EXPECT_FALSE(worker.next<rpc::Welcome>().worker_id.empty());
  std::size_t acknowledged = 0;
  for (std::size_t done = 0; done < 3;) {
    for (const auto& job : worker.next<rpc::Assign>().jobs) {
      worker.send(rpc::AttemptStarted{job.attempt});
      worker.send(succeeded(job));
      ++done;
    }
  }
  while (acknowledged < 3) {
    for (const auto& ack : worker.next<rpc::Ack>().acks) {
      EXPECT_TRUE(ack.accepted) << ack.reason;
      ++acknowledged;
    }
  }
  const auto after = client.get("/api/v1/studies/n");
  EXPECT_EQ(after.at("state"), "succeeded");
  EXPECT_EQ(after.at("jobs").at("succeeded"), 3);
  EXPECT_EQ(client.get("/api/v1/workers").at("items").size(), 1u);
  EXPECT_THAT(client.request(Method::kGet, "/metrics").body,
              HasSubstr("checkerlab_jobs{kind=\"noop\",state=\"succeeded\"} 3\n"));
  const auto rows = client.post("/api/v1/query", {{"sql", "select 1 + 1 as two"}});
  EXPECT_EQ(rows.at("rows"), Json({{2}}));
}

TEST(Application, SubmittingTwiceIsOneStudyAlsoAfterARestart) {
  RunningCoordinator coordinator;
  const auto first = coordinator.client().post("/api/v1/noop_studies", {{"name", "n"}, {"count", 2}});
  coordinator.restart();
  const auto second = coordinator.client().post("/api/v1/noop_studies", {{"name", "n"}, {"count", 2}});
  EXPECT_EQ(second.at("id"), first.at("id"));
  EXPECT_EQ(second.at("jobs_new"), 0);
}

TEST(Application, AWorkerOfAnotherVersionIsToldSo) {
  RunningCoordinator coordinator;
  FakeWorker worker(coordinator.endpoint());
  worker.send_raw({{"v", 99}, {"type", "hello"}});
  EXPECT_EQ(worker.next<rpc::ProtocolError>().problem.code(), "version_mismatch");
  EXPECT_EQ(worker.wait_for_close().status, 1000);
}

TEST(Application, AWorkerWithAWrongTokenIsRefused) {
  RunningCoordinator coordinator;
  auto endpoint = coordinator.endpoint();
  endpoint.token = "wrong";
  FakeWorker worker(endpoint);
  EXPECT_EQ(worker.wait_for_close().status, 401);
}

TEST(Application, EventsResumeWhereTheyStopped) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  std::string last = "0";
  std::vector<std::string> names;
  const auto submit = [&](const std::string& name) {
    client.post("/api/v1/noop_studies", {{"name", name}, {"count", 1}});
  };
  const auto read_one_study = [&](const rpc::EventOptions& options) {
    client.read_events(
        "/api/v1/events",
        [&](const rpc::ServerEvent& event) {
          EXPECT_GT(std::stoll(event.id), std::stoll(last));
          last = event.id;
          if (event.type != "study") return true;
          const std::string name = Json::parse(event.data).at("study").at("name");
          if (std::ranges::find(names, name) != names.end()) return true;  // its counts changed since
          names.push_back(name);
          return false;
        },
        options);
  };
  submit("first");
  read_one_study({.last_event_id = last});
  submit("second");
  read_one_study({.last_event_id = last});
  coordinator.restart();
  client = coordinator.client();
  submit("third");
  read_one_study({.last_event_id = last});
  EXPECT_THAT(names, ElementsAre("first", "second", "third"));
}

TEST(Application, AnUnknownEventIdIsAReset) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  std::string type;
  client.read_events("/api/v1/events",
                     [&](const rpc::ServerEvent& event) {
                       type = event.type;
                       return false;
                     },
                     {.last_event_id = "999999999"});
  EXPECT_EQ(type, "reset");
}

}  // namespace
}  // namespace checkerlab::coordinator
