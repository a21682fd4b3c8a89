#include "coordinator/api/dry_run.hpp"

namespace checkerlab::coordinator {
namespace {

struct Stage {
  std::string kind;
  std::vector<std::string> keys;
};

// In the order of the plan, in which inputs stand first.
std::vector<Stage> stages_of(const sweeps::Plan& plan) {
  std::vector<Stage> stages;
  std::map<std::string, std::size_t> places;
  for (const auto& job : plan.jobs) {
    const auto [place, fresh] = places.emplace(job.kind, stages.size());
    if (fresh) stages.push_back({job.kind, {}});
    stages[place->second].keys.push_back(job.key.str());
  }
  return stages;
}

Json point_document(const sweeps::Point& point) {
  Json json{{"score_key", point.score_key.str()},
            {"model_key", point.model_key.str()},
            {"ratio", point.ratio},
            {"ratio_value", nullptr},
            {"sizes", point.sizes},
            {"steps_per_scale", point.steps_per_scale},
            {"total_steps", point.total_steps},
            {"guidance", point.guidance},
            {"guidance_start_step", point.guidance_start_step},
            {"seed", point.seed},
            {"n", point.samples},
            {"state", "blocked"},
            {"identity", nullptr}};
  if (point.ratio_value) json["ratio_value"] = *point.ratio_value;
  for (const auto* metric : {"fid", "fid_uncertainty", "inception_score", "inception_score_uncertainty"})
    json[metric] = nullptr;
  return json;
}

std::int64_t points_done(const ReadModels& reads, const sweeps::Plan& plan) {
  std::vector<std::string> keys;
  for (const auto& point : plan.points)
    keys.push_back(point.score_key.str());
  return reads.count_done(keys);
}

}  // namespace

Json dry_run_document(const ReadModels& reads, const StudySubmission& submission, UtcTime now) {
  const auto& plan = submission.plan;
  std::int64_t done = 0;
  std::int64_t known = 0;
  Json stages = Json::array();
  std::map<std::string, std::int64_t> open;
  for (const auto& stage : stages_of(plan)) {
    const auto stage_done = reads.count_done(stage.keys);
    done += stage_done;
    open[stage.kind] = static_cast<std::int64_t>(stage.keys.size()) - stage_done;
    known += reads.count_known(stage.keys);
    stages.push_back({{"kind", stage.kind},
                      {"total", stage.keys.size()},
                      {"done", stage_done},
                      {"failed", 0},
                      {"running", 0},
                      {"rate_per_second", nullptr},
                      {"eta_seconds", nullptr}});
  }
  const auto total = static_cast<std::int64_t>(plan.jobs.size());
  std::vector<std::string> keys;
  for (const auto& job : plan.jobs)
    keys.push_back(job.key.str());
  Json points = Json::array();
  for (const auto& point : plan.points)
    points.push_back(point_document(point));
  return {{"id", ""},
          {"name", submission.name},
          {"title", submission.title},
          {"state", done == total ? "succeeded" : "queued"},
          {"created_at", rfc3339(now)},
          {"finished_at", nullptr},
          {"jobs",
           {{"total", total},
            {"blocked", total - done},
            {"queued", 0},
            {"running", 0},
            {"succeeded", done},
            {"failed", 0},
            {"cancelled", 0}}},
          {"stages", std::move(stages)},
          {"jobs_total", total},
          {"jobs_new", total - known},
          {"jobs_done", done},
          {"shared_with", reads.sharing(keys)},
          {"point_counts", {{"total", plan.points.size()}, {"done", points_done(reads, plan)}}},
          {"points", std::move(points)},
          {"forecast", reads.forecast(plan, open)}};
}

}  // namespace checkerlab::coordinator
