#include "sweeps/recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schemas/validate.hpp"
#include "sweeps/preset.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;

RecipeDefinition recipe(const std::vector<std::string>& overrides = {}) {
  return parse_recipe(testing::repository_file("sweeps/testing/recipe.yaml"), "recipe.yaml", overrides);
}

std::string error_of(const std::vector<std::string>& overrides) {
  try {
    recipe(overrides);
  } catch (const DefinitionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Recipe, APresetFillsInWhatIsNotGiven) {
  const RecipeDefinition tiny = recipe();
  EXPECT_EQ(tiny.model.layers, 3);
  EXPECT_EQ(tiny.model.train.steps, 20);
  EXPECT_EQ(tiny.model.train.batch, 8);
  EXPECT_EQ(tiny.model.train.warmup_steps, 50);
  EXPECT_DOUBLE_EQ(tiny.model.train.lr, 2e-3);
  EXPECT_EQ(tiny.ratio.text, "2");
  EXPECT_EQ(tiny.data.path, "tokens");
  EXPECT_EQ(tiny.data.classes, 4);
  EXPECT_EQ(tiny.micro_batch, 4);
  EXPECT_FALSE(tiny.start.has_value());
}

TEST(Recipe, AGivenLengthTakesThePlaceOfThePresets) {
  const RecipeDefinition large = recipe({"model={preset: checkerboard-l, train: {epochs: 2, warmup_steps: 7}}"});
  EXPECT_EQ(large.model.train.epochs, 2);
  EXPECT_EQ(large.model.train.warmup_steps, 7);
  EXPECT_FALSE(large.model.train.warmup_epochs.has_value());
  ASSERT_EQ(large.model.train.accumulation.size(), 1u);
  EXPECT_EQ(large.model.train.accumulation[0].epoch, 205);
  EXPECT_EQ(large.model.train.accumulation[0].batches, 5);
  EXPECT_EQ(large.model.train.drops[0].epoch, 200);
}

TEST(Recipe, PresetsAreWhatTheSchemasName) {
  for (const SchemaName name : {SchemaName::study, SchemaName::recipe}) {
    const auto& named = schema_document(name).at("properties").at("model").at("properties").at("preset").at("enum");
    EXPECT_EQ(named.get<std::vector<std::string>>(), preset_names());
  }
  for (const std::string& name : preset_names())
    EXPECT_EQ(error_of({"model={preset: " + name + "}"}), "no error") << name;
}

TEST(Recipe, TheRatioMayComeFromThePreset) {
  std::string text = testing::repository_file("sweeps/testing/recipe.yaml");
  text.replace(text.find("ratio: 2\n"), 9, "");
  const std::vector<std::string> overrides{"model={preset: checkerboard-l-4x}"};
  EXPECT_EQ(parse_recipe(text, "recipe.yaml", overrides).ratio.text, "4");
}

TEST(Recipe, WhatIsWrongIsNamedWithItsPlace) {
  EXPECT_THAT(error_of({"model.train.step=5"}), HasSubstr("unknown key 'step'; did you mean 'steps'?"));
  EXPECT_THAT(error_of({"model.preset=checkerbord-s"}), HasSubstr("did you mean 'checkerboard-s'?"));
  EXPECT_THAT(error_of({"model.train.epochs=5"}), HasSubstr("only one of the keys steps and epochs can be given"));
  EXPECT_THAT(error_of({"ratio=1"}), HasSubstr("not a scale ratio: must be greater than 1, found 1"));
  EXPECT_THAT(error_of({"ratio=1.001"}), HasSubstr("too close to 1"));
  EXPECT_THAT(error_of({"run.micro_batch=3"}), HasSubstr("does not divide the batch of 8"));
  EXPECT_THAT(error_of({"model.train.batch=0"}), HasSubstr("must be at least 1, found 0"));
  EXPECT_THAT(error_of({"model.train.ema_decay=1"}), HasSubstr("must be less than 1, found 1"));
  EXPECT_THAT(error_of({"model.train.accumulation=[{epoch: 5, batches: 2}, {epoch: 4, batches: 3}]"}),
              HasSubstr("do not ascend"));
  EXPECT_THAT(error_of({"model.train.drops=[{factor: 0.1}]"}), HasSubstr("one of the keys step and epoch is missing"));
  EXPECT_THAT(error_of({"data.kind=tokenz"}), HasSubstr("did you mean 'tokens'?"));
  EXPECT_THAT(error_of({"start={form: x}"}), HasSubstr("did you mean 'from'?"));
  std::string text = testing::repository_file("sweeps/testing/recipe.yaml");
  text.replace(text.find("batch: 8"), 8, "batsh: 8");
  try {
    parse_recipe(text, "recipe.yaml", {});
    FAIL() << "it was taken";
  } catch (const DefinitionError& error) {
    const auto [line, column] = testing::place_of(text, "batsh");
    EXPECT_THAT(error.what(), HasSubstr("recipe.yaml:" + std::to_string(line) + ":" + std::to_string(column)));
  }
}

}  // namespace
}  // namespace checkerlab::sweeps
