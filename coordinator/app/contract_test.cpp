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

void check_jobs(rpc::HttpClient& client) {
  const auto jobs = client.get("/api/v1/jobs");
  expect_follows("JobPage", jobs);
  for (const auto& job : jobs.at("items")) {
    const std::string path = "/api/v1/jobs/" + job.at("key").get<std::string>();
    expect_follows("JobDetail", client.get(path));
    expect_follows("LogPage", client.get(path + "/logs"));
    expect_follows("Curves", client.get(path + "/curves"));
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
