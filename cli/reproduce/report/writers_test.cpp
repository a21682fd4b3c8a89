#include "cli/reproduce/report/writers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/reproduce/report/base64.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ComparedCell cell(const char* metric, double printed, std::optional<Ours> ours, Verdict verdict) {
  return {.printed = {metric, printed, 2, 50'000}, .column = metric, .ours = ours, .verdict = std::move(verdict)};
}

Report report() {
  Report made{.item = "table1", .title = "Table <1>"};
  made.notes = {"A | note"};
  const Verdict differs{VerdictKind::differs, 0.31, 0.1, {}};
  const Verdict other{VerdictKind::not_comparable, 0, 0, {"N = 5 instead of 50,000", "guidance 1 instead of 2"}};
  const Verdict none{VerdictKind::not_run, 0, 0, {"run it"}};
  ComparedTable table{.caption = "Caption", .conditions = "Conditions", .columns = {"FID", "IS"}, .rows = {}};
  table.rows.push_back({"ours",
                        "lab: ratio 2",
                        {cell("fid", 2.3, Ours{2.61, 0.05, true}, differs), cell("is", 300, Ours{9, 1, true}, other)}});
  table.rows.push_back(
      {"other & system", "", {cell("fid", 3.3, std::nullopt, none), cell("is", 200, std::nullopt, none)}});
  made.compared.push_back(table);
  made.measured.push_back({"Measured", {"Ratio", "FID"}, {{"√2", "9.5"}}});
  made.pictures.push_back(
      {"a.svg", "<svg aria-labelledby=\"title text\"><title id=\"title\">x</title></svg>", "A picture"});
  made.pictures.push_back({"b.png", "PNG", "Bytes"});
  made.claims.push_back({"one", "It is so.", "rule", Finding::holds, "because", {"2 < 3"}});
  return made;
}

TEST(Markdown, HasEveryCellAndSharedFootnotes) {
  const std::string text = to_markdown(report());
  EXPECT_THAT(text, HasSubstr("# Table \\<1\\>"));
  EXPECT_THAT(text, HasSubstr("A \\| note"));
  EXPECT_THAT(text,
              HasSubstr("| ours | 2.30 · **2.61 ± 0.05**<br>differs by +0.31 (3.1 standard errors) | 300.00 · **9.0 "
                        "± 1.0**<br>not comparable \\[a, b\\] | lab: ratio 2 |"));
  EXPECT_THAT(text, HasSubstr("3.30<br>not run \\[c\\]"));
  EXPECT_THAT(text, HasSubstr("- b: guidance 1 instead of 2\n- c: run it\n"));
  EXPECT_THAT(text, HasSubstr("![A picture](a.svg)"));
  EXPECT_THAT(text, HasSubstr("### It is so. — **holds**"));
  EXPECT_THAT(text, HasSubstr("| √2 | 9.5 |"));
}

TEST(Csv, HasOneRowANumber) {
  const std::string text = to_csv(report());
  EXPECT_THAT(text, HasSubstr("printed,Caption,ours,fid,2.30,2.61"));
  EXPECT_THAT(text, HasSubstr(",differs,0.31,0.1,,lab: ratio 2\n"));
  EXPECT_THAT(text, HasSubstr("not comparable,,,\"N = 5 instead of 50,000; guidance 1 instead of 2\""));
  EXPECT_THAT(text, HasSubstr("claim,,one,,,,,holds,,,because,\n"));
  EXPECT_THAT(text, HasSubstr("measured,Measured,√2,FID,,9.5,"));
}

TEST(Html, StandsAloneWithIdsOfItsOwn) {
  const std::string text = to_html(report());
  EXPECT_THAT(text, HasSubstr("<h1>Table &lt;1&gt;</h1>"));
  EXPECT_THAT(text, HasSubstr("aria-labelledby=\"p0-title p0-text\"><title id=\"p0-title\">"));
  EXPECT_THAT(text, HasSubstr("src=\"data:image/png;base64,UE5H\""));
  EXPECT_THAT(text, HasSubstr("title=\"is: not comparable: N = 5 instead of 50,000; guidance 1 instead of 2\""));
  EXPECT_THAT(text, HasSubstr("<li>run it</li>"));
  EXPECT_THAT(text, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(text, Not(HasSubstr("http")));
}

TEST(Text, ListsMeasuredRowsAndCountsTheOthers) {
  const std::string text = to_text(report());
  EXPECT_THAT(text, HasSubstr("Not run: other & system."));
  EXPECT_THAT(text, HasSubstr("[a] N = 5 instead of 50,000"));
  EXPECT_THAT(text, HasSubstr("holds: It is so."));
}

TEST(JsonReport, HasVerdictsAndClaims) {
  const auto json = to_json(report());
  const auto& cells = json.at("tables")[0].at("rows")[0].at("cells");
  EXPECT_EQ(cells[0].at("verdict"), "differs");
  EXPECT_EQ(cells[0].at("difference"), 0.31);
  EXPECT_EQ(cells[1].at("reasons").size(), 2u);
  EXPECT_FALSE(cells[1].contains("difference"));
  EXPECT_TRUE(json.at("tables")[0].at("rows")[1].at("cells")[0].at("ours").is_null());
  EXPECT_EQ(json.at("claims")[0].at("finding"), "holds");
}

TEST(Footnotes, GoOnAfterZ) {
  EXPECT_EQ(Footnotes::letter(0), "a");
  EXPECT_EQ(Footnotes::letter(25), "z");
  EXPECT_EQ(Footnotes::letter(26), "aa");
}

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
