// Tables and figures from a small study, and from an empty database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/reproduce/items/best_points.hpp"
#include "cli/reproduce/items/compare.hpp"
#include "cli/reproduce/items/match.hpp"
#include "cli/reproduce/testing/canned.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using ::testing::AnyOf;
using testing::canned_inputs;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::point;

const sweeps::PublishedTable& table1() {
  return sweeps::published_table(sweeps::published(), "table1");
}

const ComparedCell& cell(const ComparedTable& table, const std::string& row, const std::string& metric) {
  for (const ComparedRow& one : table.rows) {
    for (const ComparedCell& found : one.cells) {
      if (one.name == row && found.printed.metric == metric) return found;
    }
  }
  throw std::logic_error("no cell " + row + " " + metric);
}

TEST(Match, TakesTheNearestGuidanceOfTheRatioAndSteps) {
  const std::vector points{point("2", 4, 17, 0, 5), point("2", 4, 17, 1.5, 6), point("2", 8, 29, 1.4, 4),
                           point("4", 8, 17, 1.4, 4)};
  const sweeps::PublishedPoint wanted = *table1().rows[7].point;
  EXPECT_EQ(best_match(table1().conditions, wanted, points), &points[1]);
  EXPECT_EQ(best_match(table1().conditions, wanted, {points[2], points[3]}), nullptr);
}

TEST(Match, FewerDifferencesWinOverANearGuidance) {
  std::vector points{point("2", 4, 17, 1.4, 5), point("2", 4, 17, 1, 6)};
  points[1].under.samples = 50'000;
  points[1].under.classes = 1000;
  points[1].under.image_size = 256;
  EXPECT_EQ(best_match(table1().conditions, *table1().rows[7].point, points), &points[1]);
}

TEST(Match, MixingRowsTakeTheirOwnModelsAtTheLeastFid) {
  std::vector points{point("2", 4, 17, 1, 6), point("2", 8, 29, 1, 5), point("2", 8, 29, 1, 4)};
  points[2].under.model.mixing_layers = 12;
  const auto& rows = sweeps::published_table(sweeps::published(), "table2a").rows;
  const auto match = [&](int row) {
    return best_match(table1().conditions, *rows[static_cast<std::size_t>(row)].point, points);
  };
  EXPECT_EQ(match(0), nullptr);
  EXPECT_EQ(match(1), &points[2]);
  EXPECT_EQ(match(2), &points[1]);
}

TEST(Table1, NamesWhatDiffersAndWhatIsNotRun) {
  const Report report = make_table1(canned_inputs());
  const ComparedTable& table = report.compared.at(0);
  ASSERT_EQ(table.rows.size(), 10u);
  const ComparedCell& fid = cell(table, "Checkerboard-L 2x cfg=1.4", "fid");
  EXPECT_EQ(fid.ours->value, 6.0);
  EXPECT_EQ(fid.verdict.kind, VerdictKind::not_comparable);
  EXPECT_THAT(fid.verdict.reasons, Contains("N = 10,000 instead of 50,000"));
  EXPECT_THAT(fid.verdict.reasons, Contains("model of 12 layers of width 512 instead of 20 layers of width 1024"));
  EXPECT_THAT(fid.verdict.reasons, Contains("guidance 1 instead of 1.4"));
  EXPECT_EQ(cell(table, "Checkerboard-L 2x cfg=1.4", "steps").verdict.kind, VerdictKind::agrees);
  const ComparedCell& time = cell(table, "Checkerboard-L 2x cfg=1.4", "seconds");
  EXPECT_EQ(time.ours->value, 0.25);
  EXPECT_THAT(time.verdict.reasons, Contains("device NVIDIA H100 instead of A100"));
  EXPECT_EQ(cell(table, "Checkerboard-L 4x cfg=1.7", "fid").verdict.kind, VerdictKind::not_run);
  EXPECT_THAT(in_words(cell(table, "VAR-d16", "fid").verdict, 2), HasSubstr("checkerlab score"));
  EXPECT_THAT(in_words(cell(table, "Checkerboard-L 2x cfg=1.4", "precision").verdict, 2),
              HasSubstr("evaluation.metrics"));
  EXPECT_THAT(report.pictures.at(0).content, HasSubstr("Checkerboard-L 2x cfg=1.4, measured"));
}

TEST(Table1, ScoresOfOtherSystemsFillTheirRows) {
  Inputs inputs = canned_inputs(false);
  inputs.scores.push_back(read_score("VAR-d16", "var.json",
                                     R"({"fid": 3.31, "fid_uncertainty": 0.02, "n": 50000, "network_sha256": "6726825d",
                                         "reference_sha256": "aa"})"));
  const Report report = make_table1(inputs);
  const ComparedTable& table = report.compared.at(0);
  EXPECT_EQ(cell(table, "VAR-d16", "fid").verdict.kind, VerdictKind::agrees);
  EXPECT_EQ(cell(table, "VAR-d16", "recall").verdict.kind, VerdictKind::not_run);
  inputs.scores[0].under.samples = 5000;
  EXPECT_EQ(cell(make_table1(inputs).compared.at(0), "VAR-d16", "fid").verdict.kind, VerdictKind::not_comparable);
  inputs.scores[0].row = "VAR-d61";
  try {
    make_table1(inputs);
    FAIL() << "a row that is not there was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.full_text(), HasSubstr("Did you mean 'VAR-d16'?"));
  }
}

TEST(Table1, TheSameWeightsUnderTheSameConditionsAgreeOrDiffer) {
  MeasuredPoint same = point("2", 4, 17, 1.4, 2.73, 302);
  same.under.dataset = "imagenet";
  same.under.classes = 1000;
  same.under.image_size = 256;
  same.under.grid = 16;
  same.under.network = kInception;
  same.under.reference = "VIRTUAL_imagenet256_labeled.npz";
  same.under.samples = 50'000;
  same.under.guidance_start_step = 5;
  same.under.model = preset_shape("checkerboard-l");
  same.model.trained = false;
  same.metrics["fid"].uncertainty = 0.01;
  same.metrics["precision"] = {0.70, 0.002};
  const ComparedTable table = compare(table1(), {{same}, {}, {}}, "run it");
  EXPECT_EQ(cell(table, "Checkerboard-L 2x cfg=1.4", "fid").verdict.kind, VerdictKind::agrees);
  EXPECT_EQ(cell(table, "Checkerboard-L 2x cfg=1.4", "precision").verdict.kind, VerdictKind::differs);
  EXPECT_EQ(cell(table, "Checkerboard-L 2x cfg=1.5", "fid").verdict.kind, VerdictKind::not_comparable);
}

TEST(Table2, HasTheMixingWeightsAndTheTimeOfATrainingBatch) {
  const Report report = make_table2(canned_inputs());
  const ComparedCell& time = cell(report.compared.at(0), "First 2 layers", "seconds_per_batch");
  EXPECT_DOUBLE_EQ(time.ours->value, 0.2);
  EXPECT_THAT(time.verdict.reasons, Contains("device NVIDIA H100 instead of GH200"));
  EXPECT_EQ(cell(report.compared.at(0), "No mixing", "fid").verdict.kind, VerdictKind::not_run);
  ASSERT_EQ(report.pictures.size(), 2u);
  EXPECT_THAT(report.pictures[1].content, HasSubstr("layer 0, head 0: -1.5"));
  EXPECT_EQ(report.measured.at(0).rows.at(0), (std::vector<std::string>{"lab", "2", "0", "-1", "2", "2"}));
}

TEST(BestPoints, RangeTheScoresWithinTwoPercentOfTheLeastFid) {
  const auto best =
      best_points({point("2", 4, 17, 0, 10.3, 4), point("2", 4, 17, 1, 10, 5), point("2", 4, 17, 2, 10.1, 7)});
  ASSERT_EQ(best.size(), 1u);
  EXPECT_EQ(best[0].point.guidance, 1);
  EXPECT_EQ(best[0].score.values, 2u);
  EXPECT_DOUBLE_EQ(best[0].score.mean, 6);
  EXPECT_DOUBLE_EQ(best[0].score.most, 7);
}

TEST(BestPoints, WaysOfMeasuringGetLinesOfTheirOwn) {
  auto other = point("2", 8, 29, 1, 5);
  other.how.code_version = "0.2.0";
  const auto figure = figure_of("t", best_points({point("2", 4, 17, 1, 6), other}));
  ASSERT_EQ(figure.series.size(), 2u);
  EXPECT_EQ(figure.series[1].label, "2 (b)");
  EXPECT_THAT(figure.notes.at(1), HasSubstr("code 0.2.0"));
}

TEST(Figures, AreMadeFromAFilledStudy) {
  const Inputs inputs = canned_inputs();
  const Report five = make_fig5(inputs);
  ASSERT_EQ(five.claims.size(), 3u);
  EXPECT_THAT(five.claims[1].why, HasSubstr("The single scale was not measured"));
  EXPECT_THAT(five.pictures.at(0).content, HasSubstr("data-ratio=\"2\""));
  const Report six = make_fig6(inputs);
  EXPECT_EQ(six.claims.at(0).finding, Finding::holds) << six.claims.at(0).why;
  const Report seven = make_fig7(inputs);
  EXPECT_THAT(seven.pictures.at(0).content, HasSubstr("sample 3"));
  const Report eight = make_fig8(inputs);
  EXPECT_THAT(eight.pictures.at(0).content, HasSubstr("height=\"210\""));  // 4×2 pixels at 420
  const Report four = make_fig4(inputs);
  EXPECT_THAT(four.pictures.at(0).content, HasSubstr("4 steps per scale, guidance 1: FID 6.00 ± 0.10"));
  EXPECT_EQ(four.measured.at(1).rows.at(0), (std::vector<std::string>{"√2", "1 2 3 4 6 8 11 16", "507"}));
}

TEST(Figures, WithoutDataSayWhatToRun) {
  const Inputs inputs = canned_inputs(false);
  for (const Item& item : all_items()) {
    const Report report = item.make(inputs);
    EXPECT_FALSE(report.pictures.empty()) << item.name;
    if (std::string(item.definition).empty()) continue;
    EXPECT_THAT(report.notes,
                Contains(HasSubstr("checkerlab run sweeps/paper/" + std::string(item.definition) + ".yaml")))
        << item.name;
    for (const Claim& claim : report.claims)
      EXPECT_EQ(claim.finding, Finding::cannot_be_told) << claim.id;
  }
}

TEST(OrderFigures, DrawEveryStepOfThePyramid) {
  const Inputs inputs = canned_inputs();
  const std::string one = make_fig1(inputs).pictures.at(0).content;
  EXPECT_THAT(one, HasSubstr(">1×1, step 1</text>"));
  EXPECT_THAT(one, HasSubstr(">16×16, step 8</text>"));
  EXPECT_THAT(one, HasSubstr("29 steps in all"));
  const Report three = make_fig3(inputs);
  EXPECT_EQ(three.measured.at(0).rows.at(0).at(1), "1");
  EXPECT_EQ(three.measured.at(0).rows.at(4).at(5), "2");  // bottom right quadrant
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
