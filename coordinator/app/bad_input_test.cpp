// What comes from outside and is wrong: one clear refusal each, and the coordinator goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using testing::HasSubstr;

class BadInput : public testing::Test {
 protected:
  // The one complaint of a POST.
  rpc::Problem complaint(const std::string& target, const std::string& body) {
    const auto answer = client_.request(Method::kPost, target, body);
    EXPECT_GE(answer.status, 400) << body.substr(0, 200);
    EXPECT_EQ(client_.get("/healthz").at("status"), "ok");
    return rpc::parse_problem(answer.status, answer.body);
  }
  rpc::HttpResponse post_with_key(const std::string& target, const Json& body, const std::string& key) {
    return rpc::HttpConnection(coordinator_.endpoint(), {})
        .exchange({.method = Method::kPost,
                   .target = target,
                   .body = body.dump(),
                   .content_type = "application/json",
                   .headers = {{"Idempotency-Key", key}},
                   .file = {}});
  }

  RunningCoordinator coordinator_;
  rpc::HttpClient client_ = coordinator_.client();
};

TEST_F(BadInput, AnOversizedBody) {
  const auto problem = complaint("/api/v1/query", std::string((1 << 20) + 1, ' '));
  EXPECT_EQ(problem.status, 413);
  EXPECT_THAT(problem.detail, HasSubstr("1048576"));
}

TEST_F(BadInput, InvalidUtf8) {
  EXPECT_EQ(complaint("/api/v1/query", "{\"sql\": \"select '\xff'\"}").status, 422);
  EXPECT_EQ(complaint("/api/v1/noop_studies", "{\"name\": \"\xc3(\", \"count\": 1}").status, 422);
  for (const auto* target : {"/api/v1/studies/%ff", "/api/v1/jobs?study=%c0%af"}) {
    const auto answer = client_.request(Method::kGet, target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_THAT(answer.body, HasSubstr("UTF-8"));
  }
}

TEST_F(BadInput, DeepJson) {
  for (const auto& nest :
       {std::string(100'000, '['), "{\"sql\":" + std::string(200, '[') + std::string(200, ']') + "}"}) {
    const auto problem = complaint("/api/v1/query", nest);
    EXPECT_EQ(problem.status, 422);
    EXPECT_THAT(problem.detail, HasSubstr("deeper than 100"));
  }
}

TEST_F(BadInput, WrongTypesAndUnknownFields) {
  const std::map<std::string, std::string> complaints{
      {R"({"name": 1, "count": 1})", "body.name: expected text"},
      {R"({"name": "n", "count": "1"})", "body.count: expected a whole number"},
      {R"({"name": "n", "count": 1.5})", "body.count: expected a whole number"},
      {R"({"name": "n", "count": 1e30})", "body.count: expected a whole number"},
      {R"({"name": "n", "count": 18446744073709551615})", "body.count: too large"},
      {R"({"name": "n", "count": null})", "body.count: expected a whole number"},
      {R"({"name": "n"})", "body.count: missing"},
      {R"({"name": "n", "count": 1, "cuont": 2})", "body.cuont: unknown field"},
      {R"({"name": "n", "count": 1, "ranks": {"min": 0, "max": 2}})", "body.ranks.min"},
      {R"({"name": "n", "count": 1, "ranks": {"min": 3, "max": 2}})", "body.ranks.min"},
      {R"({"name": "n", "count": 1, "ranks": {"min": 1, "max": 5000}})", "body.ranks.max"},
      {R"({"name": "n", "count": 1, "ranks": 2})", "body.ranks: expected"},
      {R"([])", "body: expected an object"},
      {R"("text")", "body: expected an object"},
      {R"({"name": "n", "count": 1} x)", "no valid JSON"}};
  for (const auto& [body, words] : complaints) {
    const auto problem = complaint("/api/v1/noop_studies", body);
    EXPECT_EQ(problem.status, 422) << body;
    EXPECT_THAT(problem.detail, HasSubstr(words)) << body;
  }
}

TEST_F(BadInput, AnIdempotencyKeyWithAnotherBody) {
  const Json body{{"name", "n"}, {"count", 2}};
  const auto first = post_with_key("/api/v1/noop_studies", body, "k1");
  EXPECT_EQ(first.status, 201);
  const auto again = post_with_key("/api/v1/noop_studies", body, "k1");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.at("idempotent-replayed"), "true");
  const auto other = post_with_key("/api/v1/noop_studies", {{"name", "n"}, {"count", 3}}, "k1");
  EXPECT_EQ(other.status, 422);
  EXPECT_THAT(other.json().at("detail").get<std::string>(), HasSubstr("k1"));
  EXPECT_EQ(post_with_key("/api/v1/studies/n/cancel", Json::object(), "k1").status, 422);
  EXPECT_EQ(client_.get("/api/v1/studies/n").at("jobs").at("total"), 2);
}

TEST_F(BadInput, AnIdempotencyKeyIsOfOneTokenAndOutlivesARestart) {
  const Json body{{"name", "n"}, {"count", 2}};
  const auto first = post_with_key("/api/v1/noop_studies", body, "k1");
  coordinator_.restart();
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", body, "k1").body, first.body);
  rpc::HttpConnection another(coordinator_.endpoint_with(coordinator_.issue("submit")), {});
  const auto theirs = another.exchange({.method = Method::kPost,
                                        .target = "/api/v1/noop_studies",
                                        .body = R"({"name":"m","count":1})",
                                        .content_type = "application/json",
                                        .headers = {{"Idempotency-Key", "k1"}},
                                        .file = {}});
  EXPECT_EQ(theirs.status, 201);
}

TEST_F(BadInput, AnIdempotencyKeyThatIsNone) {
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}, std::string(201, 'k')).status, 400);
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}, "two words").status, 400);
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}, "").status, 400);
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", {{"name", ""}, {"count", 1}}, "k2").status, 422);
  EXPECT_EQ(post_with_key("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}, "k2").status, 201);
}

// What an operation refuses at once, before anything waits, is an answer like any other and does not end the server.
TEST_F(BadInput, ATokenThatIsNone) {
  EXPECT_EQ(complaint("/api/v1/tokens/0/revoke", "").status, 404);
  EXPECT_EQ(complaint("/api/v1/tokens", R"({"user": "owner", "role": "read"})").status, 400);
  EXPECT_EQ(complaint("/api/v1/tokens", R"({"user": "ann", "role": "king"})").status, 422);
  EXPECT_EQ(post_with_key("/api/v1/tokens/0/revoke", Json::object(), "k3").status, 404);
}

TEST_F(BadInput, AMethodThatAnAddressDoesNotTakeIsAnsweredWithThoseItTakes) {
  const auto answer = client_.request(Method::kDelete, "/api/v1/studies");
  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.headers.at("allow"), testing::AllOf(HasSubstr("GET, HEAD"), HasSubstr("POST")));
}

TEST_F(BadInput, ATextInTheQueryThatIsTooLong) {
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/jobs?kind=" + std::string(500, 'k')).status, 200);
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/jobs?kind=" + std::string(501, 'k')).status, 400);
}

TEST_F(BadInput, ACursorFromElsewhere) {
  for (const auto* name : {"a", "b"})
    client_.post("/api/v1/noop_studies", {{"name", name}, {"count", 2}});
  const auto of_jobs = client_.get("/api/v1/jobs?limit=1").at("next_cursor").get<std::string>();
  const auto of_studies = client_.get("/api/v1/studies?limit=1").at("next_cursor").get<std::string>();
  for (const auto& target : {"/api/v1/studies?cursor=" + of_jobs, "/api/v1/jobs?cursor=" + of_studies,
                             std::string("/api/v1/jobs?cursor=x"), "/api/v1/studies?cursor=" + of_studies + "."}) {
    const auto answer = client_.request(Method::kGet, target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_THAT(answer.body, HasSubstr("no cursor of this list")) << target;
  }
}

TEST_F(BadInput, AnArtifactWithAnotherHash) {
  const auto claimed = sha256_hex("claimed");
  const auto answer = client_.request(Method::kPut, "/api/v1/artifacts/" + claimed, "sent", "application/octet-stream");
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr(sha256_hex("sent")));
  EXPECT_FALSE(client_.has_artifact(claimed));
}

TEST_F(BadInput, AFrameOfAWorkerThatIsTooLarge) {
  FakeWorker worker(coordinator_.endpoint());
  worker.say_hello("w");
  worker.next<rpc::Welcome>();
  worker.send_raw({{"v", 1}, {"type", "log"}, {"padding", std::string(17 << 20, 'x')}});
  EXPECT_NO_THROW(worker.wait_for_close());
  EXPECT_EQ(client_.get("/healthz").at("status"), "ok");
}

TEST_F(BadInput, AWorkerThatSendsNoProtocol) {
  const std::vector<Json> frames{{{"v", 99}, {"type", "hello"}}, {{"v", 1}, {"type", "hallo"}}, Json::array(), "text"};
  for (const auto& frame : frames) {
    FakeWorker worker(coordinator_.endpoint());
    worker.send_raw(frame);
    EXPECT_FALSE(worker.next<rpc::ProtocolError>().problem.detail.empty()) << frame;
    EXPECT_NO_THROW(worker.wait_for_close()) << frame;
  }
}

TEST_F(BadInput, TwoWorkersWithOneNameAreTwoWorkers) {
  FakeWorker first(coordinator_.endpoint());
  FakeWorker second(coordinator_.endpoint());
  const auto hello = [](const std::string& instance) {
    return rpc::Hello{.name = "twin",
                      .instance = instance,
                      .version = "test",
                      .slots = 1,
                      .prefetch = 0,
                      .kinds = {"noop"},
                      .device = {.type = "cpu", .name = "none", .memory_bytes = 0, .count = 1},
                      .held = {}};
  };
  first.send(hello("one"));
  second.send(hello("two"));
  EXPECT_NE(first.next<rpc::Welcome>().worker_id, second.next<rpc::Welcome>().worker_id);
  client_.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 2}});
  const auto mine = first.next<rpc::Assign>().jobs.at(0);
  const auto theirs = second.next<rpc::Assign>().jobs.at(0);
  EXPECT_NE(mine.attempt.key, theirs.attempt.key);
  // One of them speaks of the other's attempt: it is not heard.
  second.send(rpc::Log{.attempt = mine.attempt, .lines = {{"2026-01-01T00:00:00Z", "info", "forged"}}});
  second.send(succeeded(mine));
  const auto ack = second.next<rpc::Ack>().acks.at(0);
  EXPECT_EQ(ack.attempt.key, mine.attempt.key);
  EXPECT_FALSE(ack.accepted);
  EXPECT_TRUE(client_.get("/api/v1/jobs/" + mine.attempt.key.str() + "/logs").at("items").empty());
  first.send(succeeded(mine));
  EXPECT_TRUE(first.next<rpc::Ack>().acks.at(0).accepted);
}

TEST_F(BadInput, AWorkerWhoseClockIsOffByADay) {
  client_.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}});
  FakeWorker worker(coordinator_.endpoint());
  worker.say_hello("w", 1);
  const auto job = worker.next<rpc::Assign>().jobs.at(0);
  worker.send(rpc::AttemptStarted{job.attempt});
  const auto now = SystemClock().utc();
  const std::vector<std::string> times{rfc3339(now + std::chrono::hours(24)), rfc3339(now - std::chrono::hours(24))};
  for (const auto& time : times)
    worker.send(rpc::Log{.attempt = job.attempt, .lines = {{time, "info", "tick"}}});
  worker.send(rpc::Heartbeat{{job.attempt}});
  worker.send(succeeded(job));
  EXPECT_TRUE(worker.next<rpc::Ack>().acks.at(0).accepted);
  const auto path = "/api/v1/jobs/" + job.attempt.key.str();
  const auto lines = client_.get(path + "/logs").at("items");  // in the order they came, as the worker stamped them
  EXPECT_EQ(lines.at(0).at("time"), times.at(0));
  EXPECT_EQ(lines.at(1).at("time"), times.at(1));
  const auto attempt = client_.get(path).at("attempts").at(0);
  EXPECT_EQ(attempt.at("state"), "succeeded");
  for (const auto* moment : {"started_at", "ended_at"}) {
    const auto off = parse_rfc3339(attempt.at(moment).get<std::string>()) - now;
    EXPECT_LT(std::chrono::abs(off), std::chrono::minutes(5)) << moment;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
