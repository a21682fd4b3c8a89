// What a user or a broken file can cause ends in one clear message.
#include <gmock/gmock.h>

#include <fstream>

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::AllOf;
using testing::Bench;
using ::testing::HasSubstr;
using testing::TinyStudy;

// The message of the error that running the job ends in.
std::string error_of(Bench& bench, const std::string& kind, const Json& params, const testing::Inputs& inputs = {},
                     const testing::Extras& extras = {}) {
  try {
    bench.run(kind, params, inputs, extras);
  } catch (const Error& error) {
    return error.full_text();
  }
  return "no error";
}

Json changed(Json params, const char* name, const Json& value) {
  params[name] = value;
  return params;
}

TEST(BadParams, NameTheParamAndWhatMayStandThere) {
  Bench bench;
  const auto params = testing::dataset_params();
  EXPECT_THAT(error_of(bench, "import_dataset", changed(params, "classes", 1)),
              AllOf(HasSubstr("import_dataset: params.classes"), HasSubstr("between 2 and")));
  EXPECT_THAT(error_of(bench, "import_dataset", changed(params, "size", "big")),
              AllOf(HasSubstr("params.size"), HasSubstr("integer")));
  EXPECT_THAT(error_of(bench, "import_dataset", changed(params, "source", "web")), HasSubstr("procedural, files"));
  EXPECT_THAT(error_of(bench, "import_dataset", changed(params, "shade", 1)), HasSubstr("params.shade"));
  auto missing = params;
  missing.erase("seed");
  EXPECT_THAT(error_of(bench, "import_dataset", missing), HasSubstr("params.seed is missing"));
}

TEST(BadParams, OfModelsAndShardsAreRefused) {
  auto& study = TinyStudy::instance();
  testing::Inputs inputs = study.tokens;
  inputs["tokenizer"] = study.tokenizer;
  const auto model = testing::model_params(1);
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "ratio", "0.5"), inputs), HasSubstr("0.5"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "ratio", "4"), inputs), HasSubstr("params.sizes"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "heads", 7), inputs), HasSubstr("heads"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "precision", "fp8"), inputs),
              HasSubstr("fp32, bf16, fp16"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "accumulation", {{{"batches", 2}}}), inputs),
              HasSubstr("params.accumulation"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "batch", 0), inputs), HasSubstr("params.batch"));
  EXPECT_THAT(error_of(study.bench, "train_model", changed(model, "classes", 3), inputs),
              AllOf(HasSubstr("4 classes"), HasSubstr("says 3")));

  const testing::Inputs shard{{"tokenizer", study.tokenizer}, {"model", study.model}, {"network", study.network}};
  EXPECT_THAT(
      error_of(study.bench, "evaluate_shard", changed(testing::shard_params(0, 10), "steps_per_scale", 0), shard),
      HasSubstr("steps_per_scale"));
  EXPECT_THAT(error_of(study.bench, "evaluate_shard", testing::shard_params(10, 10), shard),
              HasSubstr("larger than begin"));
}

TEST(BadParams, TooFewSamplesAreRefused) {
  auto& study = TinyStudy::instance();
  EXPECT_THAT(error_of(study.bench, "score_point", {{"metrics", {"fid"}}, {"samples", 10}}), HasSubstr("N too small"));
}

TEST(BadInputs, AMissingInputIsNamed) {
  Bench bench;
  EXPECT_THAT(error_of(bench, "train_tokenizer", testing::tokenizer_params()), HasSubstr("'dataset'"));
}

TEST(BadInputs, AFileOfAnotherKindIsRefused) {
  auto& study = TinyStudy::instance();
  auto disguised = study.network;
  disguised.files["dataset"] = disguised.files.at("network");
  EXPECT_THAT(error_of(study.bench, "train_tokenizer", testing::tokenizer_params(), {{"dataset", disguised}}),
              HasSubstr("network"));
}

TEST(BadInputs, ADamagedFileIsRefused) {
  auto& study = TinyStudy::instance();
  auto broken = study.model;
  auto& file = broken.files.at("model");
  const auto copy = study.bench.folder() / "broken.safetensors";
  std::ofstream(copy, std::ios::binary) << SystemFiles().read(file.path).substr(0, 100);
  file = {copy, "another hash"};
  EXPECT_THAT(error_of(study.bench, "evaluate_shard", testing::shard_params(0, 4),
                       {{"tokenizer", study.tokenizer}, {"model", broken}, {"network", study.network}}),
              HasSubstr("broken.safetensors"));
}

TEST(BadDataset, AMissingOrChangedOneIsNamed) {
  Bench bench;
  Json params{{"source", "files"},
              {"content_sha256", std::string(64, 'a')},
              {"size", 8},
              {"max_corrupt", 0},
              {"limit_per_class", 0}};
  EXPECT_THAT(error_of(bench, "import_dataset", params), HasSubstr("hint path"));
  testing::Extras extras;
  extras.hints["path"] = "/nowhere/at/all";
  EXPECT_THAT(error_of(bench, "import_dataset", params, {}, extras), HasSubstr("/nowhere/at/all"));
  const auto folder = bench.folder() / "images" / "cat";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "1.png") << "no image";
  extras.hints["path"] = folder.parent_path().string();
  EXPECT_THAT(error_of(bench, "import_dataset", params, {}, extras), HasSubstr("is not the one"));
}

TEST(BadDataset, TooManyCorruptImagesEndTheImport) {
  Bench bench;
  const auto root = bench.folder() / "images";
  for (const char* label : {"cat", "dog"}) {
    std::filesystem::create_directories(root / label);
    for (const char* name : {"1.png", "2.png", "3.png"})
      std::ofstream(root / label / name) << "no image";
  }
  Json params{{"source", "files"},
              {"content_sha256", content_sha256(root)},
              {"size", 8},
              {"max_corrupt", 2},
              {"limit_per_class", 0}};
  testing::Extras extras;
  extras.hints["path"] = root.string();
  EXPECT_THAT(error_of(bench, "import_dataset", params, {}, extras), HasSubstr("corrupt"));
}

TEST(BadHints, ABatchThatCannotBeIsRefused) {
  auto& study = TinyStudy::instance();
  testing::Extras extras;
  extras.hints["batch"] = 0;
  EXPECT_THAT(error_of(study.bench, "reference_statistics", {{"split", "train"}},
                       {{"dataset", study.dataset}, {"network", study.network}}, extras),
              HasSubstr("batch"));
}

}  // namespace
}  // namespace checkerlab::worker
