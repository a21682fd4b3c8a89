// Reading the database's answers, choosing studies, curves from points.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "cli/reproduce/data/curves.hpp"
#include "cli/reproduce/data/extras.hpp"
#include "cli/reproduce/data/jobs.hpp"
#include "cli/reproduce/data/scores.hpp"
#include "cli/reproduce/data/studies.hpp"
#include "cli/reproduce/testing/canned.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using testing::answer;
using testing::canned_database;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::point;

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.full_text();
  }
  return "no error";
}

TEST(Ask, CellsAreCheckedByTheirKind) {
  const Rows rows(answer({"a", "b", "c"}, {{"text", 2.5, nullptr}}));
  EXPECT_EQ(rows[0].text("a"), "text");
  EXPECT_EQ(rows[0].number("b"), 2.5);
  EXPECT_FALSE(rows[0].optional_number("c").has_value());
  EXPECT_EQ(rows[0].integer_or("c", 7), 7);
  EXPECT_TRUE(rows[0].json("c").is_null());
  EXPECT_THAT(error_of([&] { (void)rows[0].number("a"); }), HasSubstr("row 1 of the database's answer: a is \"text\""));
  EXPECT_THAT(error_of([&] { (void)rows[0].integer("b"); }), HasSubstr("a whole number"));
  EXPECT_THAT(error_of([&] { (void)rows[0].json("a"); }), HasSubstr("JSON"));
  EXPECT_THAT(error_of([&] { (void)rows[0].text("d"); }), HasSubstr("no column d"));
}

TEST(Ask, HalfAnAnswerIsRefused) {
  auto half = answer({"a"}, {{1}});
  half["truncated"] = true;
  EXPECT_THAT(error_of([&] { Rows rows(half); }), HasSubstr("--study"));
  EXPECT_THAT(error_of([&] { Rows rows(answer({"a"}, {{1, 2}})); }), HasSubstr("one cell for every column"));
  EXPECT_THAT(error_of([&] { Rows rows(nlohmann::json{{"rows", 1}}); }), HasSubstr("no columns and rows"));
}

TEST(Ask, AnOlderCoordinatorHasNoView) {
  const Ask old = [](const std::string& sql) {
    if (sql.find("sqlite_master") == std::string::npos) throw std::logic_error("asked for a view that is not there");
    return answer({"name"}, nlohmann::json::array());
  };
  EXPECT_TRUE(read_entropies(old, {"s1"}).empty());
  EXPECT_TRUE(read_latencies(old, {"s1"}).empty());
}

TEST(Ask, TextsInSqlAreQuoted) {
  EXPECT_EQ(sql_list({"a'b", "c"}), "'a''b','c'");
}

TEST(Studies, AreChosenByIdOrAsTheNewestOfAName) {
  const std::vector<StudyInfo> all{{"3", "demo", "", ""}, {"2", "other", "", ""}, {"1", "demo", "", ""}};
  EXPECT_THAT(ids_of(choose_studies(all, {})), ElementsAre("3", "2", "1"));
  EXPECT_THAT(ids_of(choose_studies(all, {"other", "demo", "demo"})), ElementsAre("2", "3"));
  EXPECT_THAT(ids_of(choose_studies(all, {"1"})), ElementsAre("1"));
  EXPECT_THAT(error_of([&] { choose_studies(all, {"dmo"}); }), HasSubstr("Did you mean 'demo'?"));
  EXPECT_THAT(error_of([&] { choose_studies({}, {"x"}); }), HasSubstr("no study 'x'"));
}

TEST(Points, CarryTheConditionsTheyWereMeasuredUnder) {
  const auto points = read_points(canned_database(), {"s1"});
  ASSERT_EQ(points.size(), 2u);
  const MeasuredPoint& last = points[1];
  EXPECT_EQ(last.metrics.at("fid").value, 6.0);
  EXPECT_EQ(last.metrics.at("inception_score").uncertainty, 0.1);
  EXPECT_EQ(last.under.dataset, "cifar10");
  EXPECT_EQ(last.under.classes, 10);
  EXPECT_EQ(last.under.image_size, 32);
  EXPECT_EQ(last.under.grid, 16);
  EXPECT_EQ(last.under.network, "a metric network trained on the study's images");
  EXPECT_EQ(last.under.reference, "the study's train images");
  EXPECT_EQ(last.under.model.layers, 12);
  EXPECT_EQ(last.under.model.epochs, 9);
  EXPECT_EQ(last.model.device, "NVIDIA H100");
  EXPECT_EQ(last.model.images_per_second, 640);
  EXPECT_TRUE(last.model.trained);
  EXPECT_TRUE(read_points(canned_database(), {}).empty());
}

TEST(Points, AGivenModelTellsItsShapeByItsResult) {
  const JobFacts given{.kind = "import_file",
                       .spec = {{"params", {{"as", "model"}}}},
                       .hints = {},
                       .result = {{"metrics", {{"layers", 20}, {"mixing_layers", 2}, {"parameters", 3.676e8}}}},
                       .device = ""};
  EXPECT_EQ(shape_of(given).layers, 20);
  EXPECT_EQ(shape_of(given).mixing_layers, 2);
  EXPECT_FALSE(shape_of(given).epochs.has_value());
  EXPECT_FALSE(facts_of(given, "k").trained);
  EXPECT_EQ(facts_of(given, "k").parameters, 3.676e8);
}

TEST(Points, NetworksAndReferencesAreKnownByWhatTheirJobsSay) {
  const JobFacts named{
      .kind = "import_file", .spec = {}, .hints = {{"path", "/n/inception-2015-12-05.pt"}}, .result = {}, .device = ""};
  EXPECT_EQ(network_in_words(named, "ab"), kInception);
  const JobFacts unknown{.kind = "import_file", .spec = {}, .hints = {}, .result = {}, .device = ""};
  EXPECT_EQ(network_in_words(unknown, "6726825d00"), kInception);
  EXPECT_EQ(network_in_words(unknown, "0123456789"), "network 01234567");
  const JobFacts reference{.kind = "import_file",
                           .spec = {},
                           .hints = {{"path", "/r/VIRTUAL_imagenet256_labeled.npz"}},
                           .result = {},
                           .device = ""};
  EXPECT_EQ(reference_in_words(reference), "VIRTUAL_imagenet256_labeled.npz");
  EXPECT_EQ(reference_in_words(unknown), "another");
}

TEST(Curves, TakeTheGuidanceWithTheLeastFid) {
  const auto sets = curve_sets({point("2", 4, 17, 0, 7), point("2", 4, 17, 1, 6), point("2", 1, 5, 1, 9)});
  ASSERT_EQ(sets.size(), 1u);
  ASSERT_EQ(sets[0].curves.size(), 1u);
  const auto& points = sets[0].curves[0].points;
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].total_steps, 5);
  EXPECT_EQ(points[1].fid.value, 6);
}

TEST(Curves, SeedsAreAveragedWithTheLargerOfTwoErrors) {
  auto first = point("2", 4, 17, 1, 6), second = point("2", 4, 17, 1, 7);
  second.how.seed = 1;
  const Estimate apart = curve_sets({first, second})[0].curves[0].points[0].fid;
  EXPECT_EQ(apart.value, 6.5);
  EXPECT_DOUBLE_EQ(apart.standard_error, 0.5);  // of the spread
  second.metrics["fid"].value = 6;
  EXPECT_DOUBLE_EQ(curve_sets({first, second})[0].curves[0].points[0].fid.standard_error, std::sqrt(2 * 0.0025) / 2);
}

TEST(Curves, NumbersMeasuredDifferentlyNeverShareOne) {
  auto other = point("4", 4, 9, 1, 8);
  other.how.network_sha256 = "another";
  auto unscored = point("3", 4, 14, 1, 8);
  unscored.metrics.erase("fid");
  const auto sets = curve_sets({point("2", 4, 17, 1, 6), other, unscored});
  ASSERT_EQ(sets.size(), 2u);
  EXPECT_EQ(sets[1].curves[0].ratio, "4");
  EXPECT_THAT(sets[1].how, HasSubstr("N = 10,000"));
}

TEST(Scores, AreReadFromTheFlatObject) {
  const GivenScore score = read_score("VAR-d16", "var.json",
                                      R"({"fid": 3.3, "fid_uncertainty": 0.02, "sfid": 8, "precision": 0.84, "n": 50000,
                                          "network_sha256": "6726825d", "reference_sha256": "aa"})");
  EXPECT_EQ(score.metrics.size(), 2u);
  EXPECT_EQ(score.metrics.at("fid").uncertainty, 0.02);
  EXPECT_EQ(score.under.network, kInception);
  EXPECT_EQ(score.under.samples, 50'000);
  // Scores of given features know neither.
  const GivenScore features =
      read_score("r", "f.json", R"({"fid": 3, "n": 5, "network_sha256": null, "reference_sha256": null})");
  EXPECT_EQ(features.under.network, "an unknown network");
}

TEST(Scores, WhatIsWrongNamesTheFileAndTheField) {
  const auto error = [](const char* text) { return error_of([&] { read_score("r", "s.json", text); }); };
  EXPECT_THAT(error("{"), HasSubstr("s.json"));
  EXPECT_THAT(error(R"({"fid": "low", "n": 1, "network_sha256": "a"})"), HasSubstr("s.json.fid"));
  EXPECT_THAT(error(R"({"n": 1, "network_sha256": "a"})"), HasSubstr("checkerlab score"));
  EXPECT_THAT(error(R"({"fid": 1, "network_sha256": "a", "reference_sha256": "b"})"), HasSubstr("s.json.n"));
  EXPECT_THAT(error("[1]"), HasSubstr("s.json"));
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
