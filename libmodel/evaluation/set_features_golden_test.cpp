// Features of sample and reference files with the Inception, against golden values.
#include <gtest/gtest.h>
#include <torch/types.h>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/inception/inception_features.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/evaluation/set_features.hpp"

namespace checkerlab::model {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_metrics/npz";

class SetFeaturesGolden : public testing::Test {
 protected:
  NetworkFeatures features(const char* file) {
    std::vector<at::Tensor> pool, spatial, logits;
    const auto set = open_image_set(kGolden / file, observer_);
    compute_set_features(*set, *network_, {.batch = 4}, observer_, [&](const NetworkFeatures& rows) {
      pool.push_back(rows.pool);
      spatial.push_back(rows.spatial);
      logits.push_back(rows.logits);
    });
    return {.pool = torch::cat(pool), .spatial = torch::cat(spatial), .logits = torch::cat(logits)};
  }
  const at::Tensor& expected(const std::string& name) const { return expected_.at(name, "the golden values"); }

  NullObserver observer_;
  std::unique_ptr<FeatureNetwork> network_ =
      make_inception_features(formula_weights(1), "", c10::kCPU, FeaturePrecision::fp32, false);
  TensorFile expected_ = read_safetensors(kGolden / "features.safetensors");
};

TEST_F(SetFeaturesGolden, OfSamples) {
  const auto samples = features("samples_deflate.npz");
  EXPECT_LT(largest_difference(samples.pool, expected("samples/pool3")), 1e-4);
  EXPECT_LT(largest_difference(samples.spatial, expected("samples/spatial")), 1e-4);
  EXPECT_LT(largest_difference(samples.logits, expected("samples/logits_nobias")), 3e-4);
}

TEST_F(SetFeaturesGolden, OfTheImagesOfAReference) {
  const auto reference = features("reference.npz");
  EXPECT_LT(largest_difference(reference.pool, expected("reference/pool3")), 1e-4);
  EXPECT_LT(largest_difference(reference.spatial, expected("reference/spatial")), 1e-4);
}

}  // namespace
}  // namespace checkerlab::model
