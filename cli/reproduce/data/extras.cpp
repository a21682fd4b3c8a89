#include "cli/reproduce/data/extras.hpp"

namespace checkerlab::cli::reproduce {
namespace {

std::string of_studies(const std::string& columns, const std::string& view, const std::vector<std::string>& ids,
                       const std::string& order) {
  return "select " + columns + " from " + view + " where study_id in (" + sql_list(ids) + ") order by " + order;
}

EntropyRun run_of(const Row& row) {
  return {.study = row.text("study"),
          .study_id = row.text("study_id"),
          .job_key = row.text("job_key"),
          .ratio = row.text_or("ratio", "given model"),
          .steps_per_scale = row.integer("steps_per_scale"),
          .guidance = row.number("guidance"),
          .steps = {}};
}

}  // namespace

std::vector<Latency> read_latencies(const Ask& ask, const std::vector<std::string>& study_ids) {
  const auto rows = ask_view(ask, "latency",
                             of_studies("study_id, model, steps_per_scale, guidance_start_step, batch, guidance, "
                                        "median_seconds, lower_quartile, upper_quartile, device, precision",
                                        "latency", study_ids, "study_id, model, steps_per_scale, guidance, batch"));
  std::vector<Latency> latencies;
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    latencies.push_back({.study_id = row.text("study_id"),
                         .model_key = row.text("model"),
                         .steps_per_scale = row.integer("steps_per_scale"),
                         .guidance_start_step = row.integer_or("guidance_start_step", 0),
                         .batch = row.integer("batch"),
                         .guidance = row.number("guidance"),
                         .median = row.number("median_seconds"),
                         .lower_quartile = row.number("lower_quartile"),
                         .upper_quartile = row.number("upper_quartile"),
                         .device = row.text_or("device", ""),
                         .precision = row.text_or("precision", "")});
  }
  return latencies;
}

std::vector<EntropyRun> read_entropies(const Ask& ask, const std::vector<std::string>& study_ids) {
  const auto rows =
      ask_view(ask, "entropy_by_step",
               of_studies("study, study_id, job_key, ratio, steps_per_scale, guidance, step, side, mean, "
                          "lower_quartile, median, upper_quartile, n",
                          "entropy_by_step", study_ids, "study_id, ratio, steps_per_scale, guidance, job_key, step"));
  std::vector<EntropyRun> runs;
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    if (runs.empty() || runs.back().job_key != row.text("job_key") || runs.back().study_id != row.text("study_id"))
      runs.push_back(run_of(row));
    runs.back().steps.push_back({.step = static_cast<int>(row.integer("step")),
                                 .side = static_cast<int>(row.integer("side")),
                                 .mean = row.number("mean"),
                                 .lower_quartile = row.number("lower_quartile"),
                                 .median = row.number("median"),
                                 .upper_quartile = row.number("upper_quartile"),
                                 .samples = row.integer("n")});
  }
  return runs;
}

std::vector<SampleEntropies> read_sample_entropies(const Ask& ask, const std::vector<std::string>& study_ids) {
  const auto rows = ask_view(
      ask, "entropy_of_samples",
      of_studies("study, study_id, job_key, ratio, steps_per_scale, guidance, sample, step, side, mean",
                 "entropy_of_samples", study_ids, "study_id, ratio, steps_per_scale, guidance, job_key, sample, step"));
  std::vector<SampleEntropies> runs;
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    if (runs.empty() || runs.back().run.job_key != row.text("job_key") ||
        runs.back().run.study_id != row.text("study_id"))
      runs.push_back({run_of(row), {}});
    runs.back().values.push_back({.sample = row.integer("sample"),
                                  .step = row.integer("step"),
                                  .side = row.integer("side"),
                                  .mean = row.number("mean")});
  }
  return runs;
}

std::vector<MixingWeight> read_mixing_weights(const Ask& ask, const std::vector<std::string>& study_ids) {
  const auto rows = ask_view(ask, "table_2b",
                             of_studies("study, study_id, ratio, mixing_layers, layer, head, weight", "table_2b",
                                        study_ids, "study_id, mixing_layers, layer, head"));
  std::vector<MixingWeight> weights;
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    weights.push_back({.study = row.text("study"),
                       .study_id = row.text("study_id"),
                       .ratio = row.text_or("ratio", "given model"),
                       .mixing_layers = row.integer_or("mixing_layers", 0),
                       .layer = row.integer("layer"),
                       .head = row.integer("head"),
                       .weight = row.number("weight")});
  }
  return weights;
}

std::vector<SheetArtifact> read_sheets(const Ask& ask, const std::vector<std::string>& study_ids,
                                       const std::string& kind, const std::string& name) {
  const Rows rows(ask(
      "select s.name as study, s.id as study_id, json_extract(m.spec, '$.params.ratio') as ratio, a.name, a.sha256, "
      "j.key as job_key, json_extract(j.spec, '$.params.steps_per_scale') as steps_per_scale, "
      "json_extract(j.spec, '$.params.guidance') as guidance from jobs j join job_artifacts a on a.job = j.number "
      "join study_jobs sj on sj.job = j.number join studies s on s.number = sj.study "
      "join job_inputs i on i.job = j.number and i.role = 'model' join jobs m on m.number = i.input "
      "where j.kind = " +
      sql_list({kind}) + " and a.name = " + sql_list({name}) + " and s.id in (" + sql_list(study_ids) +
      ") order by s.number desc, j.number"));
  std::vector<SheetArtifact> sheets;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    sheets.push_back({.study = row.text("study"),
                      .study_id = row.text("study_id"),
                      .ratio = row.text_or("ratio", "given model"),
                      .name = row.text("name"),
                      .sha256 = row.text("sha256"),
                      .job_key = row.text("job_key"),
                      .steps_per_scale = row.integer("steps_per_scale"),
                      .guidance = row.number("guidance")});
  }
  return sheets;
}

}  // namespace checkerlab::cli::reproduce
