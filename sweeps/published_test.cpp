#include "sweeps/published.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/pyramid.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;

std::string text() {
  return testing::repository_file("sweeps/paper/published.yaml");
}

std::string with(const std::string& from, const std::string& to) {
  std::string changed = text();
  const auto at = changed.find(from);
  if (at == std::string::npos) throw std::logic_error("not in the text: " + from);
  return changed.replace(at, from.size(), to);
}

std::string error_of(const std::string& yaml) {
  try {
    parse_published(yaml, "published.yaml");
  } catch (const DefinitionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Published, TheCompiledInFileIsTheOneInTheRepository) {
  const Published from_text = parse_published(text(), "published.yaml");
  ASSERT_EQ(published().tables.size(), from_text.tables.size());
  EXPECT_EQ(published().tables[0].rows[8].values, from_text.tables[0].rows[8].values);
}

TEST(Published, TableOneHasEveryRowAndColumn) {
  const PublishedTable& table = published_table(published(), "table1");
  EXPECT_EQ(table.rows.size(), 10u);
  EXPECT_EQ(table.columns.size(), 7u);
  EXPECT_EQ(table.conditions.samples, 50000);
  const PublishedRow& other = table.rows[3];
  EXPECT_EQ(other.name, "RandAR-L");
  EXPECT_EQ(other.cites, 19);
  EXPECT_FALSE(other.point.has_value());
  EXPECT_DOUBLE_EQ(other.values.at("fid"), 2.55);
  const PublishedRow& ours = table.rows[9];
  EXPECT_EQ(ours.point->ratio, "4");
  EXPECT_EQ(ours.point->steps_per_scale, 8);
  EXPECT_EQ(ours.point->guidance, 1.7);
  EXPECT_DOUBLE_EQ(ours.values.at("inception_score"), 311.5);
  EXPECT_EQ(table.columns[1].better, Better::lower);
  EXPECT_EQ(table.columns[1].decimals, 2);
}

TEST(Published, OurRowsHaveTheStepsOfTheirPyramids) {
  for (const PublishedRow& row : published_table(published(), "table1").rows) {
    if (!row.point) continue;
    const auto sizes = scale_sizes(16, ratio_named(*row.point->ratio));
    EXPECT_EQ(total_steps(sizes, static_cast<int>(*row.point->steps_per_scale)), row.values.at("steps")) << row.name;
  }
}

TEST(Published, TableTwoSaysNeitherRatioNorGuidance) {
  const PublishedTable& table = published_table(published(), "table2a");
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[1].point->mixing_layers, 12);
  EXPECT_FALSE(table.rows[1].point->ratio.has_value());
  EXPECT_DOUBLE_EQ(table.rows[2].values.at("seconds_per_batch"), 0.184);
}

TEST(Published, FiguresHaveNoNumbers) {
  EXPECT_THAT(published_figure(published(), "fig5").shows, HasSubstr("five ratios"));
  EXPECT_THROW(published_figure(published(), "table1"), Error);
  EXPECT_THROW(published_table(published(), "fig5"), Error);
}

TEST(Published, WhatIsWrongIsNamedWithItsPlace) {
  const std::string typo = with("fid: 3.07", "fdi: 3.07");
  const auto [line, column] = testing::place_of(typo, "fdi: 3.07");
  EXPECT_THAT(error_of(typo), HasSubstr("published.yaml:" + std::to_string(line) + ":" + std::to_string(column) +
                                        ": tables.0.rows.0.values.fdi: unknown key 'fdi'; did you mean 'fid'?"));
  EXPECT_THAT(error_of(with("precision: 0.83", "precision: 83")), HasSubstr("must be at most 1, found 83"));
  EXPECT_THAT(error_of(with("samples: 50000", "samples: many")), HasSubstr("must be a whole number"));
  EXPECT_THAT(error_of(with("steps: 576, ", "")), HasSubstr("the value of the column 'steps' is missing"));
  EXPECT_THAT(error_of(with("steps: 576, ", "steps: 576, seconds_per_batch: 1, ")),
              HasSubstr("the table has no column 'seconds_per_batch'"));
  EXPECT_THAT(error_of(with("name: VAR-d16", "name: LlamaGen-L")), HasSubstr("'LlamaGen-L' is there twice"));
  EXPECT_THAT(error_of(with("id: fig1", "id: table1")), HasSubstr("'table1' is there twice"));
  EXPECT_THAT(error_of(with("model: checkerboard-s,", "model: chekerboard-s,")),
              HasSubstr("did you mean 'checkerboard-s'?"));
  EXPECT_THAT(error_of("schema: 1\n"), HasSubstr("the key 'paper' is missing"));
  EXPECT_THAT(error_of("tables: [1"), HasSubstr("not readable as YAML"));
  EXPECT_THAT(error_of("just text"), HasSubstr("must be a mapping"));
}

}  // namespace
}  // namespace checkerlab::sweeps
