// Files that are there take the places of jobs, and nothing else than what was submitted does.
#include <gmock/gmock.h>

#include <fstream>

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "base/given_file.hpp"
#include "base/testing/error_of.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::HasSubstr;
using testing::TinyStudy;

testing::Extras lies_at(const std::filesystem::path& path) {
  testing::Extras extras;
  extras.hints["path"] = path.string();
  return extras;
}

Json params_of(const std::filesystem::path& path, const std::string& as) {
  Json params{{"as", as}, {"sha256", given_file_sha256(path, as != "network")}};
  if (as == "model") params.update({{"ratio", "2"}, {"sizes", {1, 2, 4}}, {"classes", 4}});
  return params;
}

testing::Made import(const std::filesystem::path& path, const Json& params) {
  auto& study = TinyStudy::instance();
  return study.bench.run("import_file", params, {{"tokenizer", study.tokenizer}}, lies_at(path));
}

TEST(ImportFile, AModelIsSampledAsTheOneThatWasTrained) {
  auto& study = TinyStudy::instance();
  const auto path = study.model.files.at("model").path;
  const auto given = import(path, params_of(path, "model"));
  EXPECT_EQ(given.metric("layers"), 2);
  EXPECT_EQ(given.metric("mixing_layers"), 1);
  EXPECT_EQ(given.metric("parameters"), study.model.metric("parameters"));
  EXPECT_EQ(study.shard(given, 0, 8).files.at("shard").sha256, study.shard(study.model, 0, 8).files.at("shard").sha256);
}

TEST(ImportFile, ATokenizerAndANetworkAreTakenOver) {
  auto& study = TinyStudy::instance();
  const auto tokenizer = study.tokenizer.files.at("tokenizer").path, network = study.network.files.at("network").path;
  EXPECT_EQ(import(tokenizer, params_of(tokenizer, "tokenizer")).files.at("tokenizer").sha256,
            study.tokenizer.files.at("tokenizer").sha256);
  EXPECT_EQ(import(network, params_of(network, "network")).files.at("network").sha256,
            study.network.files.at("network").sha256);
}

TEST(ImportFile, WhatDoesNotFitIsRefused) {
  auto& study = TinyStudy::instance();
  const auto path = study.model.files.at("model").path;
  const auto refusal = [&](const char* name, const Json& value) {
    Json params = params_of(path, "model");
    params[name] = value;
    return std::string(error_of([&] { import(path, params); }).what());
  };
  EXPECT_THAT(refusal("sizes", {1, 4}), HasSubstr("scales 1 2 4, the study wants 1 4"));
  EXPECT_THAT(refusal("classes", 5), HasSubstr("4 classes, the study says 5"));
  EXPECT_THAT(refusal("sha256", std::string(64, '0')), HasSubstr("is not the file the study was submitted with"));
  EXPECT_THAT(error_of([&] { import("/nowhere/at/all", params_of(path, "model")); }).what(),
              HasSubstr("/nowhere/at/all"));
  auto params = testing::tokenizer_params();
  params["steps"] = 3;
  params["seed"] = 7;
  const auto other = study.bench.run("train_tokenizer", params, {{"dataset", study.dataset}});
  const Error error = error_of([&] {
    study.bench.run("import_file", params_of(path, "model"), {{"tokenizer", other}}, lies_at(path));
  });
  EXPECT_THAT(error.what(), HasSubstr("another tokenizer"));
}

TEST(TrainModel, StartsFromTheWeightsOfAnother) {
  auto& study = TinyStudy::instance();
  testing::Inputs inputs = study.tokens;
  inputs["tokenizer"] = study.tokenizer;
  const auto fresh = study.bench.run("train_model", testing::model_params(0), inputs);
  inputs["start"] = study.model;
  const auto started = study.bench.run("train_model", testing::model_params(0), inputs);
  EXPECT_LT(started.metric("final_loss"), 0.9 * fresh.metric("final_loss"));
}

TEST(TokenizeDataset, TakesTenCropsStraightFromTheFiles) {
  auto& study = TinyStudy::instance();
  const auto root = study.bench.folder() / "classes";
  const auto grid = study.bench.run(
      "sample_grid",
      {{"steps_per_scale", 4}, {"guidance", 0.5}, {"guidance_start_step", 0}, {"per_class", 1}, {"seed", 0}},
      {{"tokenizer", study.tokenizer}, {"model", study.model}});
  for (const char* label : {"a", "b"}) {
    std::filesystem::create_directories(root / label);
    std::filesystem::copy_file(grid.files.at("grid").path, root / label / "1.png");
  }
  Json params{
      {"size", 4}, {"crops", "ten"}, {"content_sha256", content_sha256(root)}, {"image_size", 8}, {"max_corrupt", 0}};
  const auto made = study.bench.run("tokenize_dataset", params, {{"tokenizer", study.tokenizer}}, lies_at(root));
  EXPECT_EQ(made.metric("images"), 2);
  params["content_sha256"] = std::string(64, 'a');
  EXPECT_THAT(error_of([&] {
                study.bench.run("tokenize_dataset", params, {{"tokenizer", study.tokenizer}}, lies_at(root));
              }).what(),
              HasSubstr("is not the one the study was submitted with"));
}

}  // namespace
}  // namespace checkerlab::worker
