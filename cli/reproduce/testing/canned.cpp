#include "cli/reproduce/testing/canned.hpp"

#include "cli/figure/from_api.hpp"

namespace checkerlab::cli::reproduce::testing {
namespace {

using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::vector<std::string> kPointColumns{"study",
                                             "study_id",
                                             "ratio",
                                             "sizes",
                                             "steps_per_scale",
                                             "total_steps",
                                             "guidance",
                                             "guidance_start_step",
                                             "model_job",
                                             "score_job",
                                             "score_key",
                                             "network_job",
                                             "reference_job",
                                             "dataset_job",
                                             "metric",
                                             "value",
                                             "uncertainty",
                                             "n",
                                             "seed",
                                             "network_sha256",
                                             "reference_sha256",
                                             "evaluator_version",
                                             "code_version",
                                             "precision"};

Json point_row(double guidance, int score, const char* metric, double value) {
  return Json::array({"lab",
                      "s1",
                      "2",
                      "[1,2,4,8,16]",
                      4,
                      17,
                      guidance,
                      0,
                      1,
                      score,
                      "score" + std::to_string(score),
                      3,
                      4,
                      2,
                      metric,
                      value,
                      0.1,
                      10'000,
                      0,
                      "c0ffee00",
                      "0123abcd",
                      "1",
                      "0.1.0",
                      "bf16"});
}

Json point_rows() {
  Json rows = Json::array();
  for (const auto& [guidance, score, fid] : {std::tuple(0.0, 11, 6.5), std::tuple(1.0, 12, 6.0)}) {
    rows.push_back(point_row(guidance, score, "fid", fid));
    rows.push_back(point_row(guidance, score, "inception_score", 5.5));
  }
  return rows;
}

Json job_rows() {
  const Json model{{"kind", "train_model"},
                   {"params",
                    {{"layers", 12},
                     {"width", 512},
                     {"heads", 16},
                     {"hidden", 1536},
                     {"mixing_layers", 2},
                     {"classes", 10},
                     {"epochs", 9},
                     {"batch", 128}}}};
  const Json result{{"metrics", {{"parameters", 55'600'000}, {"images_per_second", 640.0}}}};
  const Json device{{"name", "NVIDIA H100"}};
  return Json::array({{1, "model", "train_model", model.dump(), "{}", result.dump(), device.dump()},
                      {2, "data", "import_dataset", R"({"params":{"source":"files","size":32}})",
                       R"({"path":"/data/cifar10"})", nullptr, nullptr},
                      {3, "net", "train_metric_network", R"({"params":{}})", "{}", nullptr, nullptr},
                      {4, "ref", "reference_statistics", R"({"params":{"split":"train"}})", "{}", nullptr, nullptr}});
}

Json entropy_rows() {
  Json rows = Json::array();
  int step = 0;
  for (const auto& [side, mean] : {std::pair(1, 6.0), {2, 5.0}, {2, 4.8}, {2, 4.0}, {2, 3.9}})
    rows.push_back({"lab", "s1", "e", "2", 4, 1.0, step++, side, mean, mean - 0.5, mean, mean + 0.5, 10'000});
  return rows;
}

Json answer_to(const std::string& sql, bool filled) {
  const auto rows = [&](const Json& all) { return filled ? all : Json::array(); };
  if (has(sql, "from sqlite_master")) return answer({"name"}, {{"there"}});
  if (has(sql, "from studies order"))
    return answer({"id", "name", "title", "state"}, rows({{"s1", "lab", "A lab", "succeeded"}}));
  if (has(sql, "join measurements")) return answer(kPointColumns, rows(point_rows()));
  if (has(sql, "j.spec, j.hints"))
    return answer({"number", "key", "kind", "spec", "hints", "result", "device"}, rows(job_rows()));
  if (has(sql, "from latency"))
    return answer({"study_id", "model", "steps_per_scale", "guidance_start_step", "batch", "guidance", "median_seconds",
                   "lower_quartile", "upper_quartile", "device", "precision"},
                  rows({{"s1", "model", 4, 0, 1, 0.0, 0.1, 0.09, 0.11, "NVIDIA H100", "bf16"},
                        {"s1", "model", 4, 0, 1, 1.5, 0.25, 0.24, 0.26, "NVIDIA H100", "bf16"}}));
  if (has(sql, "from entropy_by_step"))
    return answer({"study", "study_id", "job_key", "ratio", "steps_per_scale", "guidance", "step", "side", "mean",
                   "lower_quartile", "median", "upper_quartile", "n"},
                  rows(entropy_rows()));
  if (has(sql, "from entropy_of_samples"))
    return answer(
        {"study", "study_id", "job_key", "ratio", "steps_per_scale", "guidance", "sample", "step", "side", "mean"},
        rows({{"lab", "s1", "e", "2", 4, 1.0, 0, 0, 1, 6.0},
              {"lab", "s1", "e", "2", 4, 1.0, 0, 1, 2, 5.0},
              {"lab", "s1", "e", "2", 4, 1.0, 3, 0, 1, 5.5}}));
  if (has(sql, "from table_2b"))
    return answer({"study", "study_id", "ratio", "mixing_layers", "layer", "head", "weight"},
                  rows({{"lab", "s1", "2", 2, 0, 0, -1.5},
                        {"lab", "s1", "2", 2, 0, 1, -0.5},
                        {"lab", "s1", "2", 2, 1, 0, 0.5},
                        {"lab", "s1", "2", 2, 1, 1, 1.0}}));
  if (has(sql, "join job_artifacts"))
    return answer({"study", "study_id", "ratio", "name", "sha256", "job_key", "steps_per_scale", "guidance"},
                  rows({{"lab", "s1", "2", "grid", "aa", "e", 4, 1.0}}));
  throw std::logic_error("the test's database was asked: " + sql);
}

}  // namespace

MeasuredPoint point(const std::string& ratio, int steps_per_scale, int total_steps, double guidance, double fid,
                    double score) {
  MeasuredPoint made;
  made.study = "lab";
  made.study_id = "s1";
  made.total_steps = total_steps;
  made.ratio_label = figure::ratio_label(ratio);
  made.under.ratio = ratio;
  made.under.steps_per_scale = steps_per_scale;
  made.under.guidance = guidance;
  made.under.samples = 10'000;
  made.under.model = preset_shape("checkerboard-s");
  made.metrics = {{"fid", {fid, 0.05}}, {"inception_score", {score, 0.02}}};
  made.how = {.seed = 0,
              .network_sha256 = "c0ffee00",
              .reference_sha256 = "0123abcd",
              .evaluator_version = "1",
              .code_version = "0.1.0",
              .precision = "bf16"};
  made.score_key = ratio + "/" + std::to_string(steps_per_scale) + "/" + std::to_string(guidance);
  return made;
}

Json answer(const std::vector<std::string>& columns, const Json& rows) {
  return {{"columns", columns}, {"rows", rows}, {"truncated", false}};
}

Ask canned_database(bool filled) {
  return [filled](const std::string& sql) { return answer_to(sql, filled); };
}

Inputs canned_inputs(bool filled) {
  Inputs inputs{
      .published = sweeps::published(),
      .studies = {},
      .named = false,
      .ask = canned_database(filled),
      .fetch = [](const std::string&) { return std::string("\x89PNG\r\n\x1a\n....IHDR\0\0\0\4\0\0\0\2", 24); },
      .scores = {}};
  inputs.studies = read_studies(inputs.ask);
  return inputs;
}

}  // namespace checkerlab::cli::reproduce::testing
