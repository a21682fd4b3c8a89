// Every answer and event of a real coordinator follows schemas/openapi.yaml.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/sha256.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "schemas/openapi.hpp"
#include "schemas/validate.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;

const std::string kBlob = "an artifact";

std::string text_of(const Json& json) {
  return json.dump().substr(0, 600);
}

void expect_follows(std::string_view component, const Json& document) {
  for (const auto& violation : openapi_violations(component, document))
    ADD_FAILURE() << component << " at '" << violation.pointer << "': " << violation.message << "\n"
                  << text_of(document);
}

Json study_request() {
  std::ifstream file(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  return {{"definition", text.str()},
          {"filename", "demo.yaml"},
          {"overrides", {"sweep.ratios=[2]", "sweep.steps_per_scale=[2]", "sweep.guidance=[0, 0.5]"}},
          {"dataset", nullptr}};
}

rpc::AttemptFinished answer(const rpc::Assignment& job) {
  const auto kind = job.spec.at("kind").get<std::string>();
  rpc::AttemptFinished finished = succeeded(job);
  if (job.spec.at("params").value("mode", "") == "fail") {
    finished.outcome = rpc::Outcome::kFailed;
    finished.result.reset();
    finished.error = rpc::JobFailure{.code = "invalid_data",
                                     .message = "no",
                                     .fix = "mend it",
                                     .signal = std::nullopt,
                                     .retryable = false,
                                     .log_tail = {"last words"}};
  } else if (kind == "score_point") {
    finished.result->metrics = {
        {"fid", 12.5}, {"fid_uncertainty", 0.5}, {"inception_score", 3}, {"inception_score_uncertainty", 0.1},
        {"n", 500},    {"total_steps", 9}};
    finished.result->identity = {{"evaluator_version", "1"}, {"code_version", "test"}};
  } else if (kind != "noop") {
    const std::map<std::string, std::string> names{{"train_metric_network", "network"},
                                                   {"reference_statistics", "statistics"}};
    const auto name = names.find(kind);
    finished.result->artifacts = {
        {.name = name == names.end() ? "output" : name->second, .sha256 = sha256_hex(kBlob), .bytes = kBlob.size()}};
  }
  return finished;
}

void work_on(FakeWorker& worker, const rpc::Assignment& job) {
  EXPECT_NO_THROW(validate_job_spec(job.spec)) << job.spec;
  worker.send(rpc::AttemptStarted{job.attempt});
  worker.send(rpc::Progress{.attempt = job.attempt, .done = 1, .total = 2, .unit = "steps", .message = ""});
  worker.send(rpc::Log{.attempt = job.attempt, .lines = {{"2026-01-01T00:00:00Z", "info", "working"}}});
  worker.send(rpc::Curve{.attempt = job.attempt, .points = {{"loss", 1, 0.5}}});
  worker.send(answer(job));
}

// Until the answer to the last of `jobs` is acknowledged. Answers are taken in order, so all are by then.
void work_through(FakeWorker& worker, std::size_t jobs) {
  worker.send(rpc::Hello{.name = "w",
                         .instance = "w-instance",
                         .version = "test",
                         .slots = 4,
                         .prefetch = 0,
                         .kinds = job_kinds(),
                         .device = {.type = "cpu", .name = "none", .memory_bytes = 0, .count = 1},
                         .held = {}});
  JobKey last;
  for (std::size_t done = 0; done < jobs;) {
    for (const auto& job : worker.next<rpc::Assign>().jobs) {
      work_on(worker, job);
      last = job.attempt.key;
      ++done;
    }
  }
  for (bool acknowledged = false; !acknowledged;) {
    for (const auto& ack : worker.next<rpc::Ack>().acks) {
      EXPECT_TRUE(ack.accepted) << ack.reason;
      acknowledged = acknowledged || ack.attempt.key == last;
    }
  }
}

void check_events(rpc::HttpClient& client, const std::string& study) {
  std::set<std::string> types;
  client.read_events("/api/v1/events",
                     [&](const rpc::ServerEvent& event) {
                       const auto data = Json::parse(event.data);
                       expect_follows("Event", data);
                       EXPECT_EQ(data.at("type"), event.type);
                       types.insert(event.type);
                       return event.type != "study" || data.at("study").at("id") != study ||
                              data.at("study").at("state") != "succeeded";
                     },
                     {.last_event_id = "0"});
  EXPECT_THAT(types, testing::IsSupersetOf({"study", "job", "worker", "point", "log", "curve"}));
}

// A study as a set: compared, extended, paused, run again, archived, with its history.
void check_sets(rpc::HttpClient& client) {
  const std::string study = "/api/v1/studies/demo/";
  Json request = study_request();
  request["overrides"].push_back("sweep.guidance=[0.5, 1]");
  const auto diff = client.post(study + "diff", request);
  expect_follows("StudyDiff", diff);
  EXPECT_EQ(diff.at("added").at("points"), 1);
  EXPECT_EQ(diff.at("removed").at("points"), 1);
  expect_follows("StudyDiff", client.get(study + "diff?with=bad"));
  expect_follows("Study", client.post(study + "archive"));
  expect_follows("StudyPage", client.get("/api/v1/studies?archived=true"));
  expect_follows("Study", client.post(study + "unarchive"));
  request["based_on"] = 1;
  const auto extended = client.post(study + "extend", request);
  expect_follows("ExtendedStudy", extended);
  EXPECT_EQ(extended.at("jobs_added"), diff.at("added").at("jobs"));
  EXPECT_EQ(extended.at("revision"), 2);
  expect_follows("StudyDiff", client.get(study + "diff?from=1&to=2"));
  expect_follows("PausedStudy", client.post(study + "pause", {{"stop_running", true}}));
  expect_follows("Study", client.post(study + "resume"));
  expect_follows("RerunOutcome", client.post(study + "rerun"));
  expect_follows("RevisionList", client.get(study + "revisions"));
  expect_follows("StudyCode", client.get(study + "code"));
}

// One clear answer to each request that cannot be meant.
void check_bad_requests(rpc::HttpClient& client) {
  const auto status = [&](rpc::Method method, const std::string& what, const std::string& body = "") {
    const auto answer = client.request(method, "/api/v1/studies/demo/" + what, body);
    expect_follows("Problem", answer.json());
    return answer.status;
  };
  EXPECT_EQ(status(rpc::Method::kGet, "diff"), 400);
  EXPECT_EQ(status(rpc::Method::kGet, "diff?with=bad&from=1&to=2"), 400);
  EXPECT_EQ(status(rpc::Method::kGet, "diff?from=0&to=2"), 400);
  EXPECT_EQ(status(rpc::Method::kGet, "diff?from=1&to=9"), 404);
  EXPECT_EQ(status(rpc::Method::kPost, "rerun", R"({"jobs":["x"]})"), 400);
  EXPECT_EQ(status(rpc::Method::kPost, "rerun", R"({"succeeded":true})"), 422);
  EXPECT_EQ(status(rpc::Method::kPost, "pause", R"({"stop_running":"yes"})"), 422);
  EXPECT_EQ(status(rpc::Method::kPost, "extend", R"({"definition":"schema: 1","based_on":0})"), 422);
  Json stale = study_request();
  stale["based_on"] = 1;
  EXPECT_EQ(status(rpc::Method::kPost, "extend", stale.dump()), 409);
  Json foreign = study_request();
  foreign["overrides"].push_back("name=another");
  EXPECT_EQ(status(rpc::Method::kPost, "extend", foreign.dump()), 409);
  EXPECT_EQ(status(rpc::Method::kPost, "archive"), 409);
}

void check_jobs(rpc::HttpClient& client) {
  const auto jobs = client.get("/api/v1/jobs");
  expect_follows("JobPage", jobs);
  for (const auto& job : jobs.at("items")) {
    const std::string path = "/api/v1/jobs/" + job.at("key").get<std::string>();
    expect_follows("JobDetail", client.get(path));
    expect_follows("LogPage", client.get(path + "/logs"));
    expect_follows("Curves", client.get(path + "/curves"));
    expect_follows("Why", client.get(path + "/why"));
    expect_follows("Timeline", client.get(path + "/timeline"));
  }
}

TEST(Contract, AnswersAndEventsFollowTheOpenapiDocument) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const std::string artifact = "/api/v1/artifacts/" + sha256_hex(kBlob);
  expect_follows("StoredArtifact",
                 client.request(rpc::Method::kPut, artifact, kBlob, "application/octet-stream").json());

  const auto planned = client.post("/api/v1/studies?dry_run=true", study_request());
  expect_follows("PlannedStudy", planned);
  const auto submitted = client.post("/api/v1/studies", study_request());
  expect_follows("SubmittedStudy", submitted);
  EXPECT_EQ(submitted.at("jobs_total"), planned.at("jobs_total"));
  expect_follows("Point", client.get("/api/v1/studies/demo/points").at("items").at(0));
  const auto failing = client.post("/api/v1/noop_studies", {{"name", "bad"}, {"count", 1}, {"mode", "fail"}});
  expect_follows("SubmittedStudy", failing);

  FakeWorker worker(coordinator.endpoint());
  work_through(worker, submitted.at("jobs_total").get<std::size_t>() + 1);

  expect_follows("StudyPage", client.get("/api/v1/studies"));
  EXPECT_EQ(client.get("/api/v1/studies/demo").at("state"), "succeeded");
  EXPECT_EQ(client.get("/api/v1/studies/bad").at("state"), "failed");
  expect_follows("StudyDetail", client.get("/api/v1/studies/demo"));
  expect_follows("PointList", client.get("/api/v1/studies/demo/points"));
  const auto figure = client.get("/api/v1/studies/demo/figure");
  expect_follows("Figure", figure);
  EXPECT_EQ(figure.at("series").at(0).at("points").size(), 1u);
  check_jobs(client);
  check_events(client, submitted.at("id"));
  expect_follows("WorkerList", client.get("/api/v1/workers"));
  const auto forecast = client.get("/api/v1/studies/demo/forecast");
  expect_follows("Forecast", forecast);
  EXPECT_EQ(forecast.at("jobs"), 0);
  check_sets(client);
  check_bad_requests(client);
}

TEST(Contract, AnswersAboutSchedulingFollowItToo) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  client.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 3}});
  expect_follows("Forecast", client.get("/api/v1/studies/n/forecast"));
  const auto ordered = client.post("/api/v1/studies/n/order", {{"priority", 5}, {"deadline", "2027-01-31T12:00:00Z"}});
  expect_follows("Study", ordered);
  EXPECT_EQ(ordered.at("priority"), 5);
  EXPECT_EQ(ordered.at("deadline"), "2027-01-31T12:00:00.000Z");

  FakeWorker worker(coordinator.endpoint());
  worker.say_hello("gpu-3", 1);
  worker.next<rpc::Assign>();
  const std::string why =
      "/api/v1/jobs/" + client.get("/api/v1/jobs?state=queued").at("items").at(0).at("key").get<std::string>() + "/why";
  expect_follows("Why", client.get(why));
  EXPECT_EQ(client.get(why).at("workers").at(0).at("reason"), "has all of its 1 slots busy");
  for (const std::string what : {"cordon", "uncordon", "drain"}) {
    const auto workers = client.post("/api/v1/workers/gpu-3/" + what);
    expect_follows("WorkerList", workers);
    EXPECT_EQ(workers.at("items").size(), 1U);
  }
  worker.next<rpc::Drain>();
  EXPECT_EQ(client.get("/api/v1/workers").at("items").at(0).at("state"), "draining");
}

TEST(Contract, AStudyBelongsToTheUserOfItsTokenUnlessItIsTheTokenFile) {
  RunningCoordinator coordinator;
  auto owner = coordinator.client();
  rpc::HttpClient ann(coordinator.endpoint_with(coordinator.issue("submit", {{"user", "ann"}})));
  Json request = study_request();
  request["owner"] = "bob";
  ann.post("/api/v1/studies", request);
  EXPECT_EQ(owner.get("/api/v1/studies/demo").at("owner"), "ann");
  EXPECT_EQ(owner.get("/api/v1/studies/demo/revisions").at("items").at(0).at("submitted_by"), "ann");
  owner.post("/api/v1/studies", request);
  EXPECT_EQ(owner.get("/api/v1/studies/demo").at("owner"), "bob");
}

TEST(Contract, BadRequestsAboutSchedulingGetOneClearProblem) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  client.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}});
  const auto problem = [&](const std::string& target, const std::string& body) {
    const auto answer = client.request(rpc::Method::kPost, target, body);
    expect_follows("Problem", answer.json());
    return std::to_string(answer.status) + " " + answer.json().at("detail").get<std::string>();
  };
  const std::string order = "/api/v1/studies/n/order";
  EXPECT_EQ(problem(order, R"({"priority": 101})"), "422 body.priority: must be at most 100");
  EXPECT_EQ(problem(order, R"({"priority": 1.5})"), "422 body.priority: expected a whole number");
  EXPECT_EQ(problem(order, "{}"), "422 body: nothing to change");
  EXPECT_THAT(problem(order, R"({"deadline": "tomorrow"})"), testing::HasSubstr("'tomorrow' is no time"));
  EXPECT_THAT(problem(order, R"({"prioriti": 1})"), testing::HasSubstr("prioriti"));
  EXPECT_THAT(problem("/api/v1/studies/none/order", R"({"priority": 1})"), testing::HasSubstr("404 no study"));
  EXPECT_THAT(problem("/api/v1/workers/none/cordon", ""), testing::HasSubstr("404 no worker has the id or name"));
  EXPECT_THAT(problem("/api/v1/workers/none/drain", ""), testing::HasSubstr("404 no connected worker"));
}

TEST(Contract, TheSmallAnswersToo) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  expect_follows("Health", client.get("/healthz"));
  expect_follows("Readiness", client.get("/readyz"));
  expect_follows("Version", client.get("/api/v1/version"));
  expect_follows("SignInLink", client.post("/api/v1/sign_in_links"));
  expect_follows("QueryResult", client.post("/api/v1/query", {{"sql", "select 1, 'a', null, 0.5"}}));
  expect_follows("Problem", client.request(rpc::Method::kGet, "/api/v1/studies/none").json());
  expect_follows("Problem",
                 client.request(rpc::Method::kPost, "/api/v1/studies", R"({"definition":"schema: 2"})").json());
}

}  // namespace
}  // namespace checkerlab::coordinator
