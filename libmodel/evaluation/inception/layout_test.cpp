#include "libmodel/evaluation/inception/layout.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"

namespace checkerlab::model {
namespace {

TEST(InceptionLayout, HasTheNamesOfBothLibraries) {
  std::set<std::pair<std::string, std::string>> expected, found;
  std::ifstream table(inception_golden_folder() / "tf_names.tsv");
  std::string scope, module;
  std::getline(table, scope);
  while (table >> scope >> module)
    expected.emplace(scope, module);
  for (const InceptionConvolution& one : inception_convolutions())
    found.emplace(one.scope, one.module);
  EXPECT_EQ(expected.size(), 94U);
  EXPECT_EQ(found, expected);
}

// Names, order, shapes and values in one: the hash of all floats of the golden weights.
TEST(InceptionLayout, GivesTheGoldenWeights) {
  const auto expected = nlohmann::json::parse(SystemFiles().read(inception_golden_folder() / "expected.json"));
  Sha256 hash;
  std::int64_t floats = 0, tensors = 0;
  for (const auto& [name, tensor] : formula_tensors(expected.at("salt").get<std::uint64_t>())) {
    ++tensors;
    if (tensor.scalar_type() != at::kFloat) continue;
    hash.update(tensor.const_data_ptr(), tensor.nbytes());
    floats += tensor.numel();
  }
  EXPECT_EQ(tensors, expected.at("weights_tensors").get<std::int64_t>());
  EXPECT_EQ(floats, expected.at("weights_floats").get<std::int64_t>());
  EXPECT_EQ(hash.hex(), expected.at("weights_sha256").get<std::string>());
}

}  // namespace
}  // namespace checkerlab::model
