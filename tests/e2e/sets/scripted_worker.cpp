#include "tests/e2e/sets/scripted_worker.hpp"

#include <map>

#include "base/sha256.hpp"
#include "schemas/validate.hpp"

namespace checkerlab::e2e {
namespace {

const std::string kBlob = "an artifact";

rpc::JobResult result_of(const rpc::Assignment& job) {
  const auto kind = job.spec.at("kind").get<std::string>();
  if (kind == "score_point") {
    return {.metrics = {{"fid", 12.5}, {"fid_uncertainty", 0.5}, {"inception_score", 3}, {"n", 40}},
            .artifacts = {},
            .identity = {{"evaluator_version", "1"}, {"code_version", "scripted"}}};
  }
  const std::map<std::string, std::string> names{{"train_metric_network", "network"},
                                                 {"reference_statistics", "statistics"}};
  const auto name = names.find(kind);
  return {.metrics = {},
          .artifacts = {{.name = name == names.end() ? "output" : name->second,
                         .sha256 = sha256_hex(kBlob),
                         .bytes = kBlob.size()}},
          .identity = {}};
}

}  // namespace

ScriptedWorker::ScriptedWorker(const std::filesystem::path& data, const std::string& version) {
  const auto endpoint = rpc::discover_endpoint(data);
  rpc::HttpClient client(endpoint);
  if (!client.has_artifact(sha256_hex(kBlob)))
    client.request(rpc::Method::kPut, "/api/v1/artifacts/" + sha256_hex(kBlob), kBlob, "application/octet-stream");
  worker_ = std::make_unique<coordinator::FakeWorker>(endpoint);
  worker_->send(rpc::Hello{.name = "scripted",
                           .instance = "scripted-" + version,
                           .version = version,
                           .slots = 1,
                           .prefetch = 0,
                           .kinds = job_kinds(),
                           .device = {.type = "cpu", .name = "none", .memory_bytes = 0, .count = 1},
                           .held = {}});
  worker_->next<rpc::Welcome>();
}

rpc::Assignment ScriptedWorker::take() {
  auto assign = worker_->next<rpc::Assign>();
  worker_->send(rpc::AttemptStarted{assign.jobs.at(0).attempt});
  return assign.jobs.at(0);
}

void ScriptedWorker::answer(const rpc::Assignment& job, const Fails& fails) {
  rpc::AttemptFinished finished{job.attempt, rpc::Outcome::kSucceeded, result_of(job), std::nullopt};
  if (fails && fails(job)) {
    finished = {job.attempt, rpc::Outcome::kFailed, std::nullopt, rpc::JobFailure{}};
    finished.error->code = "invalid_data";
    finished.error->message = "as told";
  }
  worker_->send(finished);
  worker_->next<rpc::Ack>();
}

std::vector<std::string> ScriptedWorker::work(int jobs, const Fails& fails) {
  std::vector<std::string> kinds;
  for (int i = 0; i < jobs; ++i) {
    const rpc::Assignment job = take();
    kinds.push_back(job.spec.at("kind"));
    answer(job, fails);
  }
  return kinds;
}

void ScriptedWorker::let_go(const rpc::Assignment& job) {
  worker_->send(rpc::AttemptFinished{job.attempt, rpc::Outcome::kCancelled, std::nullopt, std::nullopt});
}

}  // namespace checkerlab::e2e
