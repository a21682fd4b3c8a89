#include "libmodel/evaluation/reference_file.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/numpy/testing/npz_builder.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class ReferenceFileTest : public testing::Test {
 protected:
  static std::string doubles(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
    return npy<double>("<f8", shape, values);
  }
  void refused(const NpzBuilder& builder, ErrorCode code, const std::string& reason) {
    builder.write(file_);
    expect_error(code, reason, [&] { read_reference(file_, observer_); });
    expect_error(code, file_.string(), [&] { read_reference(file_, observer_); });
  }
  // mu and sigma of two features; the others come beside them.
  static NpzBuilder two(const std::vector<double>& sigma = {2, 1, 1, 2}) {
    return NpzBuilder().add("mu.npy", doubles({2}, {1, -1})).add("sigma.npy", doubles({2, 2}, sigma));
  }

  NullObserver observer_;
  TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "r.npz";
};

TEST_F(ReferenceFileTest, ReadsThePublishedLayout) {
  const auto golden = fs::path(CHECKERLAB_TEST_DATA) / "golden_metrics/npz";
  std::ifstream stream(golden / "expected.json");
  const auto expected = nlohmann::json::parse(stream).at("expected");
  const auto reference = read_reference(golden / "reference.npz", observer_);
  ASSERT_TRUE(reference.pool && reference.spatial && reference.images);
  EXPECT_EQ(reference.pool->mean.sizes(), at::IntArrayRef{2048});
  EXPECT_EQ(reference.pool->mean.scalar_type(), at::kDouble);
  EXPECT_EQ(reference.spatial->covariance.sizes(), (at::IntArrayRef{2023, 2023}));
  EXPECT_EQ(reference.pool->covariance.trace().item<double>(), expected.at("reference_trace_sigma").get<double>());
  EXPECT_NEAR(reference.spatial->covariance.trace().item<double>(),
              expected.at("reference_trace_sigma_s").get<double>(), 1e-9);
  EXPECT_EQ(reference.images->size(), 10);
  EXPECT_EQ(reference.count, 0);
  EXPECT_EQ(reference.sha256, sha256_file(golden / "reference.npz"));
}

TEST_F(ReferenceFileTest, ReadsMeanAndCovarianceAloneInEitherPrecision) {
  NpzBuilder()
      .add("mu.npy", npy<float>("<f4", {2}, {0.5F, -1}))
      .add("sigma.npy", npy<float>("<f4", {2, 2}, {2, 0.25F, 0.25F, 1}), {.deflate = true})
      .write(file_);
  const auto reference = read_reference(file_, observer_);
  EXPECT_TRUE(torch::equal(reference.pool->mean, torch::tensor({0.5, -1.0}, torch::kDouble)));
  EXPECT_TRUE(torch::equal(reference.pool->covariance, torch::tensor({{2.0, 0.25}, {0.25, 1.0}}, torch::kDouble)));
  EXPECT_FALSE(reference.spatial);
  EXPECT_EQ(reference.images, nullptr);
}

TEST_F(ReferenceFileTest, ReadsStatisticsOfStudies) {
  const auto features = torch::tensor({{1.0, 2.0}, {3.0, 5.0}, {4.0, 4.0}}, torch::kDouble);
  const auto file = folder_.path() / "statistics.safetensors";
  write_statistics(file, accumulate(features));
  const auto reference = read_reference(file, observer_);
  EXPECT_EQ(reference.count, 3);
  EXPECT_TRUE(torch::allclose(reference.pool->covariance, torch::cov(features.t())));
  EXPECT_EQ(reference.sha256, sha256_file(file));
  write_statistics(file, accumulate(features * std::nan("")));
  expect_error(ErrorCode::not_finite, file.string(), [&] { read_reference(file, observer_); });
}

TEST_F(ReferenceFileTest, TakesImagesAsTheyAre) {
  put_file(folder_.path() / "tree/1.png", shape_png(1));
  const auto folder = read_reference(folder_.path() / "tree", observer_);
  EXPECT_FALSE(folder.pool);
  EXPECT_EQ(folder.images->size(), 1);
  EXPECT_EQ(folder.sha256, folder.images->sha256(observer_));
  NpzBuilder().add("arr_0.npy", npy<std::uint8_t>("|u1", {1, 1, 1, 3}, {1, 2, 3})).write(file_);
  const auto archive = read_reference(file_, observer_);
  EXPECT_FALSE(archive.pool);
  EXPECT_EQ(archive.images->size(), 1);
}

TEST_F(ReferenceFileTest, SaysWhichKeyIsMissingAndWhichAreThere) {
  const auto mu = doubles({2}, {1, -1});
  refused(NpzBuilder().add("mu.npy", mu).add("cov.npy", mu), ErrorCode::invalid_data,
          "it has mu but not sigma; it holds cov, mu");
  refused(NpzBuilder().add("m.npy", mu).add("s.npy", mu), ErrorCode::invalid_data,
          "neither mu and sigma nor images in arr_0; it holds m, s");
  refused(two().add("mu_s.npy", mu), ErrorCode::invalid_data, "it has mu_s but not sigma_s");
  refused(NpzBuilder().add("mu_s.npy", mu).add("sigma_s.npy", doubles({2, 2}, {1, 0, 0, 1})), ErrorCode::invalid_data,
          "it has mu_s but not mu");
  refused(NpzBuilder(), ErrorCode::invalid_data, "it holds no arrays");
}

TEST_F(ReferenceFileTest, RefusesStatisticsThatAreNone) {
  const double nan = std::nan("");
  const auto mu = doubles({2}, {1, -1});
  refused(two({2, nan, nan, 2}), ErrorCode::not_finite, "sigma holds NaN or infinity in 2 places");
  refused(NpzBuilder().add("mu.npy", doubles({2}, {1, INFINITY})).add("sigma.npy", doubles({2, 2}, {1, 0, 0, 1})),
          ErrorCode::not_finite, "mu holds NaN or infinity in 1 places");
  refused(two({2, 1, 0.9, 2}), ErrorCode::invalid_data, "it is not symmetric");
  refused(two({2, 1, 1, -2}), ErrorCode::invalid_data, "negative variance");
  refused(NpzBuilder().add("mu.npy", mu).add("sigma.npy", doubles({4}, {2, 1, 1, 2})), ErrorCode::invalid_data,
          "sigma is float64 (4,), where float32 or float64 [D,D] was expected");
  refused(NpzBuilder().add("mu.npy", mu).add("sigma.npy", doubles({1, 1}, {2})), ErrorCode::invalid_data,
          "mu has 2 numbers, but sigma 1 rows");
  refused(NpzBuilder().add("mu.npy", npy<std::int64_t>("<i8", {2}, {1, 2})).add("sigma.npy", mu),
          ErrorCode::invalid_data, "mu is int64 (2,)");
  refused(NpzBuilder().add("mu.npy", mu).add("sigma.npy", npy_header("<f8", {1 << 20, 1 << 20})),
          ErrorCode::invalid_data, "claims float64 (1048576, 1048576)");
  EXPECT_NO_THROW((two({2, 1, 1.000001, 2}).write(file_), read_reference(file_, observer_)));
}

}  // namespace
}  // namespace checkerlab::model
