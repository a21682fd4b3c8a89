// The reader of studies, given what nobody should write.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/testing/mutations.hpp"
#include "sweeps/parse.hpp"

namespace checkerlab::sweeps {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> texts;
  for (const auto* name : {"demo.yaml", "cifar10/smoke.yaml", "paper/fig5.yaml"})
    texts.push_back(SystemFiles().read(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/" + name));
  texts.push_back("a: &x [1, 2]\nb: *x\n? c\n: {d: e}\n");
  return texts;
}

TEST(Mutations, Studies) {
  Mutations mutations(corpus());
  EXPECT_GT(refused_mutations(mutations, 600, [](const std::string& text) { parse_study(text, "study.yaml", {}); }),
            300);
}

TEST(Mutations, Overrides) {
  const auto study = corpus().front();
  Mutations mutations({"sweep.ratios=[2, 4]", "dataset.path=../data", "sweep.ratios.0=3", "model.train.steps=1e3"});
  EXPECT_GT(refused_mutations(mutations, 400,
                              [&](const std::string& text) {
                                const std::vector<std::string> overrides{text};
                                parse_study(study, "study.yaml", overrides);
                              }),
            100);
}

TEST(Mutations, TextThatUnfoldsOrNestsWithoutEnd) {
  const std::string bomb =
      "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
      "c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\n"
      "e: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e]\n";
  for (const auto& text : {bomb, std::string(100'000, '['), std::string(100'000, '{'), std::string("a: &a [*a]")})
    EXPECT_THROW(parse_study(text, "study.yaml", {}), Error);
  std::string path = "a";
  for (int i = 0; i < 100'000; ++i)
    path += ".a";
  for (const std::string& text : {std::string("sweep.ratios=&a [*a]"), path + "=1"})
    EXPECT_THROW(parse_study(corpus().front(), "study.yaml", {&text, 1}), Error);
}

}  // namespace
}  // namespace checkerlab::sweeps
