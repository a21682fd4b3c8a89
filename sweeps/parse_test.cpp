#include "sweeps/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::issue_of;
using testing::issues_of;
using testing::place_of;
using testing::repository_file;
using testing::study;
using testing::study_with;

TEST(Parse, ReadsEveryValue) {
  const StudyDefinition tiny = study();
  EXPECT_EQ(tiny.name, "tiny");
  EXPECT_EQ(tiny.dataset.kind, DatasetKind::procedural);
  EXPECT_EQ(tiny.dataset.train_images, 4096);
  EXPECT_EQ(tiny.grid(), 8);
  EXPECT_EQ(tiny.tokenizer.multipliers, (std::vector<int>{1, 2}));
  EXPECT_DOUBLE_EQ(tiny.tokenizer.lr, 0.001);
  EXPECT_EQ(tiny.metric_network.channels, (std::vector<int>{32, 64}));
  EXPECT_EQ(tiny.model.train.steps, 601);
  ASSERT_EQ(tiny.model.train.drops.size(), 1u);
  EXPECT_EQ(tiny.model.train.drops[0].step, 540);
  EXPECT_EQ(tiny.model.train.precision, "fp32");
  ASSERT_EQ(tiny.sweep.ratios.size(), 4u);
  EXPECT_EQ(tiny.sweep.ratios[1].text, "2");
  EXPECT_EQ(tiny.sweep.ratios[3].value, std::nullopt);
  EXPECT_EQ(tiny.evaluation.precision, "bf16");
  EXPECT_EQ(tiny.evaluation.batch, std::nullopt);
  EXPECT_EQ(tiny.samples.per_class, 5);
}

TEST(Parse, ReadsDefinitionsOfFiles) {
  const auto files =
      study({"dataset={kind: files, path: ../data, classes: 10, size: 32, max_corrupt: 3, limit_per_class: 0}"});
  EXPECT_EQ(files.dataset.kind, DatasetKind::files);
  EXPECT_EQ(files.dataset.path, "../data");
  EXPECT_EQ(files.dataset.max_corrupt, 3);
}

TEST(Parse, TheProjectsDefinitionsAreValid) {
  for (const char* name : {"sweeps/demo.yaml", "sweeps/cifar10/smoke.yaml", "sweeps/cifar10/small.yaml"})
    EXPECT_NO_THROW(parse_study(repository_file(name), name, {})) << name;
}

TEST(Parse, CifarDefinitionsUseTheGridOf16) {
  for (const char* name : {"sweeps/cifar10/smoke.yaml", "sweeps/cifar10/small.yaml"})
    EXPECT_EQ(parse_study(repository_file(name), name, {}).grid(), 16) << name;
}

TEST(Parse, UnknownKeyHasPlaceAndSuggestion) {
  const std::string text = study_with("  steps_per_scale: [1", "  step_per_scale: [1");
  const auto issues = issues_of(text);
  ASSERT_EQ(issues.size(), 2u);
  EXPECT_EQ(issues[0].path, "sweep.steps_per_scale");
  EXPECT_EQ(issues[0].message, "the key 'steps_per_scale' is missing");
  EXPECT_EQ(issues[1].path, "sweep.step_per_scale");
  EXPECT_EQ(issues[1].message, "unknown key 'step_per_scale'; did you mean 'steps_per_scale'?");
  EXPECT_EQ(std::pair(issues[1].line, issues[1].column), place_of(text, "step_per_scale: [1"));
}

TEST(Parse, UnknownKeyWithoutANearOneListsWhatIsKnown) {
  const auto issue = issue_of(study_with("sweep:\n", "sweep:\n  temperature: 1\n"));
  EXPECT_EQ(issue.message, "unknown key 'temperature'");
  EXPECT_EQ(issue.fix, "Known here: guidance, mixing_layers, ratios, steps_per_scale.");
}

TEST(Parse, WrongTypeSaysWhatIsThere) {
  const std::string text = study_with("layers: 3", "layers: three");
  const auto issue = issue_of(text);
  EXPECT_EQ(issue.path, "model.layers");
  EXPECT_EQ(issue.message, "must be a whole number, found the text 'three'");
  EXPECT_EQ(std::pair(issue.line, issue.column), place_of(text, "three"));
  EXPECT_EQ(issue_of(study_with("layers: 3", "layers: 3.5")).message, "must be a whole number, found 3.5");
  EXPECT_EQ(issue_of(study_with("layers: 3", "layers:")).message, "must be a whole number, found nothing");
  EXPECT_EQ(issue_of(study_with("layers: 3", "layers: [3]")).message, "must be a whole number, found a list");
  EXPECT_EQ(issue_of(study_with("  channels: [32, 64]", "  channels: 32")).message, "must be a list, found 32");
  EXPECT_EQ(issue_of(study_with("attention: false", "attention: 0")).message, "must be true or false, found 0");
  EXPECT_EQ(issue_of(study_with("lr: 0.002", "lr: .nan")).message,
            "must be a number, found a number that is not finite");
}

TEST(Parse, AllProblemsAreReportedTogetherInFileOrder) {
  std::string text = study_with("layers: 3", "layers: 0");
  text.replace(text.find("samples: 500"), 12, "samples: 10 ");
  text.replace(text.find("classes: 4"), 10, "classes: x");
  const auto issues = issues_of(text, {"sweep.ratios.0=1", "sweep.nothing=1"});
  ASSERT_EQ(issues.size(), 5u);
  EXPECT_EQ(issues[0].path, "dataset.classes");
  EXPECT_EQ(issues[1].path, "model.layers");
  EXPECT_EQ(issues[2].path, "evaluation.samples");
  EXPECT_EQ(issues[3].line, 0);
  EXPECT_EQ(issues[4].line, 0);
}

TEST(Parse, TheErrorListsEveryIssueOnALine) {
  try {
    parse_study(study_with("layers: 3", "layers: 0"), "dir/study.yaml", {});
    FAIL() << "accepted";
  } catch (const DefinitionError& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_EQ(error.filename(), "dir/study.yaml");
    EXPECT_STREQ(error.what(), "dir/study.yaml:22:11: model.layers: must be at least 1, found 0 (Transformer layers)");
  }
}

TEST(Parse, DoubledKeysAreRefused) {
  const std::string text = study_with("  heads: 4\n", "  heads: 4\n  width: 64\n");
  const auto issue = issue_of(text);
  EXPECT_EQ(issue.path, "model.width");
  EXPECT_THAT(issue.message, HasSubstr("given twice, first in line 23"));
  EXPECT_EQ(std::pair(issue.line, issue.column), place_of(text, "width: 64\n  hidden"));
}

TEST(Parse, BrokenYamlHasAPlace) {
  const auto issue = issue_of("schema: 1\nname: [tiny\ntitle: x\n");
  EXPECT_GE(issue.line, 2);
  EXPECT_THAT(issue.message, HasSubstr("not readable as YAML"));
}

TEST(Parse, EmptyTextsAndListsAreRefused) {
  EXPECT_EQ(issue_of("").message, "the definition is empty");
  EXPECT_EQ(issue_of("# nothing\n").message, "the definition is empty");
  EXPECT_EQ(issue_of("- 1\n").message, "must be a mapping (key: value), found a list");
  EXPECT_EQ(issue_of("--- {}\n--- {}\n").message, "the file holds several YAML documents");
}

TEST(Parse, HugeDefinitionsAreRefused) {
  EXPECT_THAT(issue_of(std::string(2 << 20, ' ')).message, HasSubstr("2097152 bytes, at most 1048576"));
  EXPECT_FALSE(issues_of(std::string(5000, '[') + std::string(5000, ']')).empty());
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j)
      bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_THAT(issue_of(bomb).message, HasSubstr("more than 100000 values"));
}

TEST(Parse, AStrayCommaIsRefusedInsteadOfReadForEver) {
  EXPECT_EQ(issue_of(",").message, "the file holds several YAML documents");
  EXPECT_EQ(issue_of("a: 1\n---\n, b").message, "the file holds several YAML documents");
}

TEST(Parse, AWrongSchemaVersionIsRefused) {
  EXPECT_EQ(issue_of(study_with("schema: 1", "schema: 2")).message, "must be 1, found 2");
}

TEST(Parse, NamesArePlain) {
  EXPECT_THAT(issue_of(study_with("name: tiny", "name: Tiny Study")).message,
              HasSubstr("'Tiny Study' is not allowed here"));
}

TEST(Parse, MoreClassesThanThereAreKindsOfShapesAreRefused) {
  const auto issue = issue_of(study_with("classes: 4", "classes: 10"));
  EXPECT_EQ(issue.path, "dataset.classes");
  EXPECT_EQ(issue.message, "must be at most 8, found 10");
}

TEST(Parse, AnUnknownDatasetKindIsRefused) {
  const auto issue = issue_of(study_with("kind: procedural", "kind: file"));
  EXPECT_EQ(issue.path, "dataset.kind");
  EXPECT_EQ(issue.message, "must be procedural or files, found the text 'file'; did you mean 'files'?");
}

}  // namespace
}  // namespace checkerlab::sweeps
