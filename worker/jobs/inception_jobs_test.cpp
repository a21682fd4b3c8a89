// The chain of evaluation jobs with an FID Inception that lies in a file, against a reference that lies in a file.
#include <gtest/gtest.h>

#include "base/given_file.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/score.hpp"
#include "libmodel/evaluation/set_features.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using testing::Made;
using testing::TinyStudy;

constexpr int kSamples = 20;

testing::Extras lies_at(const std::filesystem::path& path) {
  testing::Extras extras;
  extras.hints["path"] = path.string();
  return extras;
}

// The network and the reference of a study whose `evaluation` names files for both. The reference's images are the
// golden ones, of several sizes and kinds.
struct GivenEvaluator {
  GivenEvaluator() {
    auto& bench = TinyStudy::instance().bench;
    weights = bench.folder() / "inception.safetensors";
    model::TensorFile file;
    for (const auto& [name, tensor] : model::formula_tensors(0))
      file.tensors.emplace(name, tensor);
    model::write_safetensors(weights, file);
    network = bench.run("import_file", {{"as", "network"}, {"sha256", given_file_sha256(weights, false)}}, {},
                        lies_at(weights));
    images = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_inception";
    reference = bench.run("reference_statistics",
                          {{"sha256", given_file_sha256(images, false)}, {"features", true}, {"spatial", true}},
                          {{"network", network}}, lies_at(images));
  }

  Made shard(int begin, int end) const {
    auto& study = TinyStudy::instance();
    Json params = testing::shard_params(begin, end);
    params["spatial"] = true;
    return study.bench.run("evaluate_shard", params,
                           {{"tokenizer", study.tokenizer}, {"model", study.model}, {"network", network}});
  }

  std::filesystem::path weights, images;
  Made network, reference;
};

const GivenEvaluator& evaluator() {
  static const GivenEvaluator made;
  return made;
}

// Moments of what the network gives for the reference's images, without any job.
model::Moments moments_of_images() {
  model::NullObserver quiet;
  const auto network = model::open_feature_network(evaluator().weights, at::kCPU);
  const auto set = model::open_image_set(evaluator().images, quiet);
  std::vector<at::Tensor> rows;
  model::compute_set_features(*set, *network, {.batch = 1}, quiet,
                              [&](const model::NetworkFeatures& found) { rows.push_back(found.pool); });
  return model::moments(model::accumulate(at::cat(rows)));
}

TEST(InceptionJobs, TheNetworkIsKeptByteForByte) {
  EXPECT_EQ(evaluator().network.files.at("network").sha256, given_file_sha256(evaluator().weights, false));
}

TEST(InceptionJobs, TheReferencesMomentsAreThoseOfItsImages) {
  const auto direct = moments_of_images();
  const auto kept = model::moments(model::read_statistics(evaluator().reference.files.at("statistics").path));
  EXPECT_TRUE(at::allclose(kept.mean, direct.mean, 1e-4, 1e-4));
  EXPECT_TRUE(at::allclose(kept.covariance, direct.covariance, 1e-3, 1e-4));
}

TEST(InceptionJobs, APointHasEveryMetricOfTheInception) {
  auto& bench = TinyStudy::instance().bench;
  const auto score =
      bench.run("score_point",
                {{"metrics", {"dc", "fid", "is", "kid", "pr", "sfid"}}, {"samples", kSamples}, {"is_block", kSamples}},
                {{"reference", evaluator().reference},
                 {"network", evaluator().network},
                 {"shard.0000", evaluator().shard(0, 8)},
                 {"shard.0001", evaluator().shard(8, kSamples)}});
  const auto shard = model::read_shard(evaluator().shard(0, kSamples).files.at("shard").path);
  EXPECT_EQ(shard.features.size(1), 2048);
  EXPECT_EQ(shard.spatial.size(1), 2023);
  // The plain formula on the features of one shard, against moments that no job has touched.
  const double plain = model::frechet_distance(model::moments(shard.statistics), moments_of_images());
  EXPECT_NEAR(score.metric("fid"), plain, 1e-3 * plain);
  for (const char* name : {"sfid", "inception_score", "precision", "recall", "kid", "density", "coverage"})
    EXPECT_TRUE(score.metrics.contains(name)) << name;
  EXPECT_GT(score.metric("sfid"), 0);
  EXPECT_GE(score.metric("inception_score"), 1);
}

}  // namespace
}  // namespace checkerlab::worker
