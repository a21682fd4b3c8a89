#include "libmodel/evaluation/metrics/feature_source.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

class ImageFeatures final : public FeatureSource {
 public:
  ImageFeatures(std::unique_ptr<ImageSet> images, FeatureNetwork& network, ImageSetOptions options)
      : images_(std::move(images)), network_(network), options_(options) {}

  bool has_pool() const override { return true; }
  bool has_spatial() const override { return network_.spatial_width() > 0; }
  bool has_logits() const override { return true; }
  std::string found() const override { return has_spatial() ? "pool3, spatial, logits" : "pool3, logits"; }
  std::int64_t size() const override { return images_->size(); }
  std::string network() const override { return network_.sha256(); }
  std::string note() const override { return note_; }

  void pass(const CollectorNeeds&, std::int64_t count, Observer& observer, const Sink& sink) override {
    std::int64_t done = 0;
    const auto met = compute_set_features(*images_, network_, options_, observer, [&](const NetworkFeatures& features) {
      const auto some = std::min(features.pool.size(0), count - done);
      if (some > 0) sink(done, first_rows(features, some));
      done += some;
    });
    sha256_ = met.images_sha256;
    note_ = met.counts.text();
  }

  std::string sha256(Observer& observer) override {
    if (sha256_.empty()) sha256_ = images_->sha256(observer);
    return sha256_;
  }

 private:
  static NetworkFeatures first_rows(const NetworkFeatures& all, std::int64_t count) {
    const auto cut = [&](const at::Tensor& rows) { return rows.defined() ? rows.slice(0, 0, count) : rows; };
    return {.pool = cut(all.pool), .spatial = cut(all.spatial), .logits = cut(all.logits)};
  }

  std::unique_ptr<ImageSet> images_;
  FeatureNetwork& network_;
  ImageSetOptions options_;
  std::string sha256_, note_;
};

void require(bool there, const std::string& tensor, const FeatureSource& source, const std::string& what) {
  if (there) return;
  throw Error(ErrorCode::invalid_argument,
              what + " have no " + tensor + ", which a metric that was asked for needs; they have: " + source.found(),
              "Leave that metric out of --metrics (sfid needs spatial; is needs logits; the others need pool3)");
}

}  // namespace

std::unique_ptr<FeatureSource> image_features(std::unique_ptr<ImageSet> images, FeatureNetwork& network,
                                              const ImageSetOptions& options) {
  return std::make_unique<ImageFeatures>(std::move(images), network, options);
}

CollectedFeatures collect(FeatureSource& source, const CollectorNeeds& needs, std::int64_t count, std::int64_t blocks,
                          const std::string& what, c10::Device device, Observer& observer) {
  if (needs.pool || needs.rows) require(source.has_pool(), "'pool3'", source, what);
  if (needs.spatial) require(source.has_spatial(), "'spatial'", source, what);
  if (needs.logits) require(source.has_logits(), "'logits_nobias', 'logits' or 'softmax_nobias'", source, what);
  if (source.size() < count) {
    throw Error(ErrorCode::invalid_argument, what + " are " + std::to_string(source.size()) + ", fewer than the " +
                                                 std::to_string(count) + " that were asked for");
  }
  FeatureCollector collector(count, blocks, needs, what, device);
  source.pass(needs, count, observer,
              [&](std::int64_t begin, const NetworkFeatures& features) { collector.add(begin, features); });
  return collector.finish();
}

}  // namespace checkerlab::model
