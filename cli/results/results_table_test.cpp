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
            "Measured with seed 0, metric network 11111111, reference 22222222, evaluator 1, code 0.1.0, fp32.\n"
            "Guidance with the lowest FID; ± is one standard error (delete-a-block jackknife).\n");
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
