// The views that the paper's tables and figures are read from.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/user_query.hpp"

namespace checkerlab::coordinator {
namespace {

// One study; jobs by hand.
class PaperViews : public ::testing::Test {
 protected:
  PaperViews() {
    write(
        "INSERT INTO studies (number, id, name, title, definition, filename, overrides, state, jobs_total, "
        "points_total, "
        "created_at) VALUES (1, 'abc', 'p', '', '', '', '[]', 'succeeded', 0, 0, 0)");
    write(
        "INSERT INTO workers (id, name, version, device, slots, state, connected_at, last_seen_at) VALUES ('w', 'w', "
        "'1', '{\"name\": \"card\"}', 1, 'online', 0, 0)");
  }

  void write(const std::string& sql) {
    store_.write_and_wait([&](SQLite::Database& database) { database.exec(sql); });
  }
  // A succeeded job; its key is its kind and number.
  std::int64_t job(const std::string& kind, const Json& params, const Json& result,
                   const std::vector<std::pair<std::string, std::int64_t>>& inputs = {}) {
    const std::int64_t number = ++jobs_;
    store_.write_and_wait([&](SQLite::Database& database) {
      execute(
          database,
          "INSERT INTO jobs (number, key, kind, label, spec, hints, state, created_at, changed_at) VALUES (?, ?, ?, "
          "'', ?, '{}', 'succeeded', 0, 0)",
          number, kind + std::to_string(number), kind, Json{{"params", params}}.dump());
      execute(database, "INSERT INTO study_jobs VALUES (1, ?)", number);
      execute(database, "INSERT INTO results VALUES (?, 1, 'w', '1.0', ?, 0)", number, result.dump());
      for (const auto& [role, input] : inputs)
        execute(database, "INSERT INTO job_inputs VALUES (?, ?, ?)", number, role, input);
    });
    return number;
  }
  std::int64_t model(int mixing_layers, double images_per_second) {
    return job(
        "train_model",
        {{"ratio", "2"}, {"layers", 12}, {"mixing_layers", mixing_layers}, {"batch", 128}, {"precision", "bf16"}},
        {{"metrics", {{"images_per_second", images_per_second}, {"parameters", 7}}}});
  }
  void point(std::int64_t of_model, double guidance, double fid) {
    const std::int64_t score = job("score_point", Json::object(), Json::object());
    store_.write_and_wait([&](SQLite::Database& database) {
      execute(database, "INSERT INTO points VALUES (1, ?, ?, ?, '2', 2.0, '[1]', 4, 17, ?, 5, 0, 100)", score, score,
              of_model, guidance);
      for (const auto& [metric, value] :
           {std::pair("fid", fid), std::pair("inception_score", 200.0), std::pair("precision", 0.8)})
        execute(database, "INSERT INTO measurements VALUES (?, ?, ?, 0.1, 100, 0, 'n', 'r', 'e', 'c', 'bf16', 0)",
                score, std::string(metric), value);
    });
  }
  Json rows(const std::string& sql) { return run_user_query(store_, sql)["rows"]; }

  TemporaryFolder folder_;
  Store store_{folder_.path() / "a.db"};
  std::int64_t jobs_ = 0;
};

TEST_F(PaperViews, ModelsThatDifferInMixingAreNeverOneRow) {
  const auto none = model(0, 640), all = model(12, 512), first = model(2, 640);
  point(none, 1.0, 5.3);
  point(none, 1.5, 5.4);
  point(all, 1.0, 5.2);
  point(first, 1.0, 5.5);
  EXPECT_EQ(
      rows(
          "select mixing, seconds_per_batch, batch, seconds_device, best_guidance, fid, inception_score from table_2a"),
      Json::parse(R"([["none", 0.2, 128, "card", 1.0, 5.3, 200.0], ["first 2", 0.2, 128, "card", 1.0, 5.5, 200.0],
                            ["all", 0.25, 128, "card", 1.0, 5.2, 200.0]])"));
  EXPECT_EQ(rows("select count(*) from fig_4a")[0][0], 4);
}

TEST_F(PaperViews, TimesStandBesideThePointsThatTheyWereMeasuredAt) {
  const auto trained = model(2, 640);
  point(trained, 1.5, 2.8);
  const auto time = [&](double guidance, int batch, double seconds) {
    job("measure_latency",
        {{"steps_per_scale", 4},
         {"guidance", guidance},
         {"guidance_start_step", 5},
         {"batch", batch},
         {"repeats", 9},
         {"precision", "bf16"}},
        {{"metrics",
          {{"median_seconds", seconds}, {"lower_quartile", 0.1}, {"upper_quartile", 0.9}, {"total_steps", 17.0}}},
         {"identity", {{"device", "card"}}}},
        {{"model", trained}});
  };
  time(1.5, 1, 0.5);
  time(1.5, 64, 0.7);
  time(0, 1, 0.3);
  EXPECT_EQ(rows("select batch, median_seconds, lower_quartile, upper_quartile, device, precision from latency where "
                 "guidance = 1.5 order by batch"),
            Json::parse(R"([[1, 0.5, 0.1, 0.9, "card", "bf16"], [64, 0.7, 0.1, 0.9, "card", "bf16"]])"));
  EXPECT_EQ(rows("select fid, sample_precision, sample_recall, seconds, seconds_device, parameters from table_1"),
            Json::parse(R"([[2.8, 0.8, null, 0.5, "card", 7]])"));
}

TEST_F(PaperViews, EntropyComesByStepAndBySample) {
  const auto trained = model(2, 640);
  Json metrics{{"total_steps", 3}};
  for (const char* step : {"step.0000.", "step.0012."}) {
    const double at = step[8] == '2' ? 12 : 0;
    metrics.update({{std::string(step) + "mean", at + 0.5},
                    {std::string(step) + "side", 4},
                    {std::string(step) + "tokens", 8},
                    {std::string(step) + "lower_quartile", at},
                    {std::string(step) + "median", at + 0.25},
                    {std::string(step) + "upper_quartile", at + 1}});
  }
  metrics["sample.0003.step.0012"] = 0.75;
  job("measure_entropy", {{"steps_per_scale", 4}, {"guidance", 1.5}, {"samples", 100}, {"seed", 0}},
      {{"metrics", metrics}}, {{"model", trained}});
  EXPECT_EQ(rows("select ratio, steps_per_scale, guidance, step, side, tokens, mean, lower_quartile, median, "
                 "upper_quartile, n from entropy_by_step order by step"),
            Json::parse(R"([["2", 4, 1.5, 0, 4, 8, 0.5, 0.0, 0.25, 1.0, 100],
                            ["2", 4, 1.5, 12, 4, 8, 12.5, 12.0, 12.25, 13.0, 100]])"));
  EXPECT_EQ(rows("select sample, step, side, mean from entropy_of_samples"), Json::parse("[[3, 12, 4, 0.75]]"));
}

TEST_F(PaperViews, MixingWeightsComeByLayerAndHead) {
  const auto trained = model(12, 512);
  job("measure_mixing", Json::object(), {{"metrics", {{"layer.000.head.003", -0.5}, {"layer.011.head.015", 0.25}}}},
      {{"model", trained}});
  EXPECT_EQ(rows("select mixing_layers, layer, head, weight from table_2b"),
            Json::parse("[[12, 0, 3, -0.5], [12, 11, 15, 0.25]]"));
}

}  // namespace
}  // namespace checkerlab::coordinator
