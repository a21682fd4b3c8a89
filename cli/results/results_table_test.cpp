#include "cli/results/results_table.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/testing/fake_coordinator.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;

TEST(ResultsTable, ShowsEveryNumberWithUncertaintyNAndIdentity) {
  const std::string text = results_text(result_rows(testing::figure_document({"sqrt2"})));
  EXPECT_EQ(text,
            "Ratio  Steps/scale  Total steps  Best guidance         FID           IS    N\n"
            "─────  ───────────  ───────────  ─────────────  ──────────  ───────────  ───\n"
            "√2               1            5            0.5  40.0 ± 0.4  3.50 ± 0.05  500\n"
            "√2               4           20            0.5  10.0 ± 0.4  6.50 ± 0.05  500\n"
            "\n"
            "Measured with seed 0, feature network 11111111, reference 22222222, evaluator 1, code 0.1.0, fp32.\n"
            "Guidance with the lowest FID; ± is one standard error (delete-a-block jackknife).\n");
}

TEST(ResultsTable, TellsTheInceptionScoreOverNearlyAsGoodGuidance) {
  auto document = testing::figure_document({"2"});
  auto& points = document["series"][0]["points"];
  points[0].update({{"is_mean", 3.4}, {"is_min", 3.25}, {"is_max", 3.61}});
  points[1].update({{"is_mean", 6.5}, {"is_min", 6.5}, {"is_max", 6.5}});
  const std::string text = results_text(result_rows(document));
  EXPECT_NE(text.find("IS within 2 %    N\n"), std::string::npos) << text;
  EXPECT_NE(text.find("3.50 ± 0.05  3.4 (3.25–3.61)  500\n"), std::string::npos) << text;
  EXPECT_NE(text.find("6.50 ± 0.05              6.5  500\n"), std::string::npos) << text;
  EXPECT_NE(text.find("IS within 2 %: its mean (least–most)"), std::string::npos);
  const std::string csv = results_csv(result_rows(document)).to_csv();
  EXPECT_NE(csv.find(",3.4,3.25,3.61,"), std::string::npos) << csv;
}

TEST(ResultsTable, TellsWhatASearchSpares) {
  auto document = testing::figure_document({"2"});
  EXPECT_EQ(search_text(document), "");
  document["search"] = {{"values", 124},  {"screened", 60}, {"measured", 20},         {"open", 3},
                        {"images", 1000}, {"screen_n", 10}, {"images_of_grid", 4000}, {"n", 100}};
  EXPECT_EQ(
      search_text(document),
      "Guidance search: of 124 values 60 screened with 10 images, 20 measured with 100: 1,000 of the whole grid's "
      "4,000 images (25 %).\n3 values are not decided yet.\n"
      "Why each value was measured or not: --sql 'select * from guidance_search'.\n");
}

TEST(ResultsTable, MarksRowsMeasuredInDifferentWays) {
  auto document = testing::figure_document({"2"});
  document["series"][0]["points"][1]["seed"] = 7;
  const std::string text = results_text(result_rows(document));
  EXPECT_NE(text.find("500  (a)\n"), std::string::npos);
  EXPECT_NE(text.find("500  (b)\n"), std::string::npos);
  EXPECT_NE(text.find("Measured (b) with seed 7,"), std::string::npos);
}

TEST(ResultsTable, SaysWhenNothingIsMeasured) {
  EXPECT_EQ(results_text({}), "Nothing is measured yet.\n");
}

TEST(ResultsTable, CsvKeepsFullPrecisionAndIdentity) {
  auto document = testing::figure_document({"2"});
  document["series"][0]["points"][0]["fid"] = 40.123456789012345;
  document["series"][0]["points"][0]["inception_score"] = nullptr;
  const std::string csv = results_csv(result_rows(document)).to_csv();
  EXPECT_NE(csv.find("2,1,5,0.5,0,500,40.123456789012344,0.42,,,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("fid_uncertainty"), std::string::npos);
}

TEST(QueryTable, AlignsNumbersAndShowsNulls) {
  const nlohmann::json answer{{"columns", {"ratio", "fid"}},
                              {"rows", json::array({json::array({"2", 12.5}), json::array({"single", nullptr})})},
                              {"truncated", false}};
  EXPECT_EQ(query_table(answer).to_text(), "ratio    fid\n──────  ────\n2       12.5\nsingle\n");
}

TEST(QueryTable, RefusesRowsOfAnotherWidth) {
  const nlohmann::json answer{{"columns", {"a", "b"}}, {"rows", json::array({json::array({1})})}, {"truncated", false}};
  EXPECT_ANY_THROW(query_table(answer));
}

}  // namespace
}  // namespace checkerlab::cli
