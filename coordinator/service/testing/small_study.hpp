// A study of one model and two points, small enough to follow by hand.
#pragma once

#include <string>

#include "base/canonical_json.hpp"
#include "coordinator/service/coordinator.hpp"

namespace checkerlab::coordinator::testing {

inline sweeps::Job make_job(const std::string& kind, const Json& params, std::vector<sweeps::Input> inputs = {}) {
  Json roles = Json::object();
  for (const sweeps::Input& input : inputs)
    roles[input.role] = input.key.str();
  const Json spec{{"kind", kind}, {"recipe", 1}, {"inputs", roles}, {"params", params}};
  return {JobKey(content_key(spec)), kind, spec, {{"batch", 8}}, kind + " job", std::move(inputs)};
}

inline StudySubmission small_study(const std::string& name = "small", const Json& reference = {{"split", "train"}}) {
  StudySubmission study;
  study.name = name;
  study.title = "Two points";
  study.definition = "schema: 1";
  study.filename = "small.yaml";
  auto& jobs = study.plan.jobs;
  jobs.push_back(make_job("train_metric_network", {{"seed", 0}}));
  jobs.push_back(make_job("reference_statistics", reference, {{"network", jobs[0].key}}));
  jobs.push_back(make_job("train_model", {{"ratio", "2"}}));
  for (const double guidance : {0.0, 0.5}) {
    jobs.push_back(make_job("evaluate_shard", {{"guidance", guidance}, {"seed", 3}, {"precision", "fp32"}},
                            {{"model", jobs[2].key}, {"network", jobs[0].key}}));
    jobs.push_back(make_job("score_point", {{"samples", 100}},
                            {{"network", jobs[0].key}, {"reference", jobs[1].key}, {"shard.0000", jobs.back().key}}));
    study.plan.points.push_back({jobs.back().key, jobs[2].key, "2", 2.0, {1, 2, 4}, 2, 6, guidance, 0, 3, 100});
  }
  return study;
}

inline std::vector<std::string> small_study_kinds() {
  return {"train_metric_network", "reference_statistics", "train_model", "evaluate_shard", "score_point"};
}

// What a worker would answer; `fid` and `inception_score` for scores.
inline rpc::JobResult result_for(const rpc::Assignment& job, double fid = 10, double inception_score = 3) {
  const std::string kind = job.spec.at("kind").get<std::string>();
  const std::string hash = content_key({{"artifact of", job.attempt.key.str()}});
  if (kind == "train_metric_network") return {{{"test_accuracy", 0.9}}, {{"network", hash, 10}}, {}};
  if (kind == "reference_statistics") return {{{"n", 100.0}}, {{"statistics", hash, 20}}, {}};
  if (kind == "train_model") return {{{"final_loss", 0.5}}, {{"model", hash, 30}}, {}};
  if (kind == "evaluate_shard") return {{{"seconds", 1.0}}, {{"shard", hash, 40}}, {}};
  return {{{"fid", fid},
           {"fid_uncertainty", 0.5},
           {"inception_score", inception_score},
           {"inception_score_uncertainty", 0.1},
           {"n", 100.0}},
          {},
          {{"evaluator_version", "e1"}}};
}

}  // namespace checkerlab::coordinator::testing
