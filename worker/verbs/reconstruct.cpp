// `checkerlab model reconstruct`: how well a tokenizer codes images, scale by scale, in numbers and pictures.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "libmodel/data/image_feed.hpp"
#include "libmodel/device.hpp"
#include "libmodel/image/encode_png.hpp"
#include "libmodel/quiet_observer.hpp"
#include "libmodel/tokenizer/quality.hpp"
#include "libmodel/tokenizer/reconstruction.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/network_options.hpp"
#include "worker/verbs/quality_table.hpp"
#include "worker/verbs/tokenizer_options.hpp"

namespace checkerlab::worker {
namespace {

class ReconstructVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    options_.split = "test";
    options_.configure(command);
    command.add_option("--count", count_, "Images that are measured, drawn by the seed")->capture_default_str();
    command.add_option("--seed", seed_, "Which images")->capture_default_str();
    command.add_option("--batch", batch_, "Images coded together")->capture_default_str();
    command.add_option("--network", network_name_,
                       "Feature network, a file or a name as in `checkerlab score`, for the Fréchet distance of "
                       "reconstructions (rFID)");
    command.add_option("--out", out_, "PNG: a row an image, the original and its reconstruction at each side");
    command.add_option("--show", show_, "Images in the PNG")->capture_default_str();
  }

  void run(VerbContext& context) override {
    auto tokenizer = options_.load();
    const auto device = model::select_device(options_.device);
    const auto sides = options_.sides_or_pyramid(tokenizer->config());
    if (!network_name_.empty()) network_ = open_network(network_name_, device);
    tokenizer->to(device);
    const auto feed = model::feed_from_files(options_.images,
                                             {.size = options_.image_size,
                                              .split = options_.split,
                                              .batch = batch_,
                                              .seed = seed_,
                                              .threads = options_.thread_count(),
                                              .max_corrupt = options_.max_corrupt},
                                             context.observer);
    const auto images = model::first_images(*feed, count_);
    const auto quality = model::tokenizer_quality(tokenizer, images, sides, batch_, device, context.observer,
                                                  features(context.observer), count_);
    if (!out_.empty()) {
      const auto shown = images.slice(0, 0, std::clamp<std::int64_t>(show_, 1, images.size(0)));
      const auto png = model::encode_png(model::reconstruction_sheet(tokenizer, shown, sides, device));
      SystemFiles().write_atomic(out_, {reinterpret_cast<const char*>(png.data()), png.size()}, 0644);
    }
    print(context, quality);
  }

 private:
  model::FeaturesOf features(model::Observer& observer) const {
    if (network_ == nullptr) return nullptr;
    return [this, &observer](const torch::Tensor& pixels) {
      model::QuietObserver quiet(observer);
      return network_->compute(pixels, batch_, quiet).pool;
    };
  }

  void print(VerbContext& context, const model::TokenizerQuality& quality) const {
    const std::string identity = network_ == nullptr ? "" : network_->sha256();
    if (context.json) {
      auto json = quality_json(quality);
      if (!identity.empty()) json["identity"] = {{"feature_network", identity}};
      context.out << json.dump() << "\n";
      return;
    }
    print_quality(context.out, quality);
    if (!identity.empty()) context.out << "rFID by the feature network " << identity << "\n";
    if (!out_.empty()) context.out << out_.string() << "\n";
  }

  TokenizerOptions options_;
  std::string network_name_;
  std::unique_ptr<model::FeatureNetwork> network_;
  std::filesystem::path out_;
  std::int64_t count_ = 256, show_ = 8, batch_ = 16;
  std::uint64_t seed_ = 0;
};

}  // namespace

std::unique_ptr<ModelVerb> make_reconstruct_verb() {
  return std::make_unique<ReconstructVerb>();
}

}  // namespace checkerlab::worker
