#include "cli/reproduce/data/points.hpp"

#include <algorithm>

#include "cli/figure/from_api.hpp"
#include "cli/reproduce/data/jobs.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using Json = nlohmann::json;

std::string points_sql(const std::string& ids) {
  return "select s.name as study, s.id as study_id, p.ratio, p.sizes, p.steps_per_scale, p.total_steps, p.guidance, "
         "p.guidance_start_step, p.model_job, p.score_job, j.key as score_key, "
         "(select i.input from job_inputs i where i.job = p.score_job and i.role = 'network') as network_job, "
         "(select i.input from job_inputs i where i.job = p.score_job and i.role = 'reference') as reference_job, "
         "(select d.number from study_jobs sj join jobs d on d.number = sj.job where sj.study = s.number and d.kind = "
         "'import_dataset' limit 1) as dataset_job, "
         "m.metric, m.value, m.uncertainty, m.n, m.seed, m.network_sha256, m.reference_sha256, m.evaluator_version, "
         "m.code_version, m.precision "
         "from points p join studies s on s.number = p.study join jobs j on j.number = p.score_job "
         "join measurements m on m.job = p.score_job where s.id in (" +
         ids + ") order by s.number desc, p.position, m.metric";
}

std::string jobs_sql(const std::string& ids) {
  return "select j.number, j.key, j.kind, j.spec, j.hints, r.result, "
         "(select w.device from workers w where w.id = r.worker) as device from jobs j left join results r on r.job = "
         "j.number where j.number in (select p.model_job from points p join studies s on s.number = p.study where s.id "
         "in "
         "(" +
         ids +
         ") union select i.input from points p join studies s on s.number = p.study join job_inputs i on i.job = "
         "p.score_job where i.role in ('network', 'reference') and s.id in (" +
         ids +
         ") union select sj.job from study_jobs sj join studies s on s.number = sj.study join jobs d on d.number = "
         "sj.job "
         "where d.kind = 'import_dataset' and s.id in (" +
         ids + "))";
}

struct KnownJob {
  std::string key;
  JobFacts facts;
};

std::map<long long, KnownJob> read_jobs(const Ask& ask, const std::string& ids) {
  const Rows rows(ask(jobs_sql(ids)));
  std::map<long long, KnownJob> jobs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    const Json device = row.json("device");
    jobs[row.integer("number")] = {row.text("key"),
                                   {.kind = row.text("kind"),
                                    .spec = row.json("spec"),
                                    .hints = row.json("hints"),
                                    .result = row.json("result"),
                                    .device = device.is_object() ? device.value("name", "") : ""}};
  }
  return jobs;
}

const KnownJob& job_at(const std::map<long long, KnownJob>& jobs, const Row& row, const std::string& name) {
  static const KnownJob unknown;
  const auto found = jobs.find(row.integer_or(name, -1));
  return found == jobs.end() ? unknown : found->second;
}

MeasuredPoint point_of(const Row& row, const std::map<long long, KnownJob>& jobs) {
  MeasuredPoint point;
  point.study = row.text("study");
  point.study_id = row.text("study_id");
  point.total_steps = static_cast<int>(row.integer("total_steps"));
  point.score_key = row.text("score_key");
  point.how = {.seed = row.integer("seed"),
               .network_sha256 = row.text("network_sha256"),
               .reference_sha256 = row.text("reference_sha256"),
               .evaluator_version = row.text("evaluator_version"),
               .code_version = row.text("code_version"),
               .precision = row.text("precision")};
  MeasuredUnder& under = point.under;
  under.ratio = row.text("ratio");
  point.ratio_label = figure::ratio_label(under.ratio);
  under.steps_per_scale = row.integer("steps_per_scale");
  under.guidance = row.number("guidance");
  under.guidance_start_step = row.integer("guidance_start_step");
  under.samples = row.integer("n");
  const Json sizes = row.json("sizes");
  if (sizes.is_array() && !sizes.empty() && sizes.back().is_number_integer()) under.grid = sizes.back();
  const KnownJob& model = job_at(jobs, row, "model_job");
  // A study of several models of one ratio names them apart in the point's ratio; the model itself has the ratio alone.
  if (const Json ratio = model.facts.value("ratio"); ratio.is_string()) under.ratio = ratio;
  under.model = shape_of(model.facts);
  point.model = facts_of(model.facts, model.key);
  if (const Json classes = model.facts.value("classes"); classes.is_number_integer()) under.classes = classes;
  describe_dataset(job_at(jobs, row, "dataset_job").facts, under);
  under.network = network_in_words(job_at(jobs, row, "network_job").facts, point.how.network_sha256);
  under.reference = reference_in_words(job_at(jobs, row, "reference_job").facts);
  return point;
}

void sort_as(std::vector<MeasuredPoint>& points, const std::vector<std::string>& study_ids) {
  const auto place = [&](const MeasuredPoint& point) { return std::ranges::find(study_ids, point.study_id); };
  std::ranges::stable_sort(points, {}, place);
}

}  // namespace

std::vector<MeasuredPoint> read_points(const Ask& ask, const std::vector<std::string>& study_ids) {
  if (study_ids.empty()) return {};
  const std::string ids = sql_list(study_ids);
  const Rows rows(ask(points_sql(ids)));
  const auto jobs = read_jobs(ask, ids);
  std::vector<MeasuredPoint> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    const bool same = !points.empty() && points.back().score_key == row.text("score_key") &&
                      points.back().study_id == row.text("study_id");
    if (!same) points.push_back(point_of(row, jobs));
    points.back().metrics[row.text("metric")] = {row.number("value"), row.optional_number("uncertainty")};
  }
  sort_as(points, study_ids);
  return points;
}

}  // namespace checkerlab::cli::reproduce
