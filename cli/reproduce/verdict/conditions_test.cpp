#include "cli/reproduce/verdict/conditions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace checkerlab::cli::reproduce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const sweeps::PublishedTable& table() {
  return sweeps::published_table(sweeps::published(), "table1");
}

// The row of 2x at guidance 1.4.
const sweeps::PublishedRow& row() {
  return table().rows[7];
}

// A measurement just as the paper's.
MeasuredUnder as_printed() {
  ModelShape shape = preset_shape("checkerboard-l");
  return {.dataset = "imagenet",
          .procedural = false,
          .classes = 1000,
          .image_size = 256,
          .grid = 16,
          .network = "inception-2015-12-05",
          .reference = "VIRTUAL_imagenet256_labeled.npz",
          .samples = 50'000,
          .model = shape,
          .ratio = "2",
          .steps_per_scale = 4,
          .guidance = 1.4,
          .guidance_start_step = 5,
          .device = "NVIDIA A100-SXM4-80GB",
          .batch = 1};
}

std::vector<std::string> differing(const MeasuredUnder& under, const std::string& metric = "fid") {
  return differing_conditions(metric, table().conditions, row().point, under);
}

TEST(Conditions, NothingDiffersInTheSameMeasurement) {
  for (const auto& column : table().columns)
    EXPECT_THAT(differing(as_printed(), column.metric), IsEmpty()) << column.metric;
}

TEST(Conditions, EveryDifferenceIsNamedWithBothValues) {
  MeasuredUnder under = as_printed();
  under.dataset = "cifar10";
  under.classes = 10;
  under.image_size = 32;
  under.network = "a metric network trained on the study's images";
  under.reference = "the study's train images";
  under.samples = 10'000;
  under.model.layers = 12;
  under.model.width = 512;
  under.model.epochs = 9;
  under.guidance = 1.5;
  under.guidance_start_step = 0;
  EXPECT_THAT(
      differing(under),
      ElementsAre("data set cifar10 (10 classes, 32 px) instead of ImageNet (1,000 classes, 256 px)",
                  "network a metric network trained on the study's images instead of inception-2015-12-05",
                  "reference the study's train images instead of VIRTUAL_imagenet256_labeled.npz",
                  "N = 10,000 instead of 50,000", "model of 12 layers of width 512 instead of 20 layers of width 1024",
                  "trained for 9 epochs instead of 210 epochs", "guidance 1.5 instead of 1.4",
                  "guidance from step 0 instead of 5"));
}

TEST(Conditions, ProceduralImagesAreNeverImageNet) {
  MeasuredUnder under = as_printed();
  under.procedural = true;
  EXPECT_THAT(differing(under), ElementsAre(HasSubstr("data set")));
}

TEST(Conditions, WithoutGuidanceItsStartDoesNotMatter) {
  MeasuredUnder under = as_printed();
  under.guidance = 0;
  under.guidance_start_step = 0;
  EXPECT_THAT(differing(under), ElementsAre("guidance 0 instead of 1.4"));
}

TEST(Conditions, ATimeDependsOnDeviceBatchAndModelAlone) {
  MeasuredUnder under = as_printed();
  under.samples = 1;
  under.network = "another";
  EXPECT_THAT(differing(under, "seconds"), IsEmpty());
  under.device = "NVIDIA H200";
  under.batch = 64;
  EXPECT_THAT(differing(under, "seconds"),
              ElementsAre("device NVIDIA H200 instead of A100", "batch of 64 instead of 1"));
}

TEST(Conditions, StepsDependOnGridRatioAndStepsPerScale) {
  MeasuredUnder under = as_printed();
  under.classes = 10;
  EXPECT_THAT(differing(under, "steps"), IsEmpty());
  under.grid = 8;
  under.steps_per_scale = 2;
  EXPECT_THAT(differing(under, "steps"),
              ElementsAre("token grid 8×8 instead of 16×16", "steps per scale 2 instead of 4"));
}

TEST(Conditions, ParametersDependOnTheShapeAndTheClasses) {
  MeasuredUnder under = as_printed();
  under.classes = 10;
  under.model.mixing_layers = -1;
  EXPECT_THAT(differing(under, "params_millions"),
              ElementsAre("classes 10 instead of 1,000", "mixing in unknown layers instead of 2 layers"));
}

TEST(Conditions, WhatTheFileOfAGivenModelDoesNotTellIsNotCompared) {
  MeasuredUnder under = as_printed();
  under.model = {.layers = 20, .width = 0, .heads = 0, .hidden = 0, .mixing_layers = 2, .epochs = {}, .steps = {}};
  EXPECT_THAT(differing(under), IsEmpty());
  under.model.layers = 12;
  EXPECT_THAT(differing(under), ElementsAre("model of 12 layers instead of 20 layers of width 1024"));
}

TEST(Conditions, OtherSystemsHaveNoPoint) {
  EXPECT_THAT(differing_conditions("fid", table().conditions, std::nullopt, as_printed()), IsEmpty());
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
