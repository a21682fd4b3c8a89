#include "libmodel/evaluation/set_features.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::model {
namespace {

// Passes on how far a batch is as how far the set is.
class SetObserver final : public Observer {
 public:
  SetObserver(Observer& outer, std::int64_t total) : outer_(outer), total_(total) {}

  void done(std::int64_t images) {
    done_ = images;
    outer_.progress(done_, total_, "images");
  }
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    outer_.progress(done_ + done, total_, "images");
  }
  void curve(std::string_view series, std::int64_t step, double value) override { outer_.curve(series, step, value); }
  void log(LogLevel level, std::string_view text) override { outer_.log(level, text); }
  bool cancelled() const override { return outer_.cancelled(); }
  std::optional<std::filesystem::path> checkpoint_due() override { return outer_.checkpoint_due(); }
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override { outer_.checkpoint(step, file); }

 private:
  Observer& outer_;
  std::int64_t total_, done_ = 0;
};

// How the set is read: by what one call of the network takes.
ImageSetOptions reading(const FeatureNetwork& network, ImageSetOptions options) {
  constexpr std::int64_t kBatches = 8, kMost = 1024;
  if (network.device().is_cuda()) options.batch = std::max(options.batch, std::min(kBatches * options.batch, kMost));
  return options;
}

std::string size_text(const at::Tensor& pixels) {
  return std::to_string(pixels.size(2)) + "x" + std::to_string(pixels.size(1));
}

}  // namespace

SetPass compute_set_features(ImageSet& images, FeatureNetwork& network, const ImageSetOptions& options,
                             Observer& observer, const FeatureSink& sink) {
  SetPass pass;
  SetObserver set_observer(observer, images.size());
  Sha256 names;
  std::string first_size;
  auto reader = images.read(reading(network, options), observer);
  while (const auto rows = reader->next(observer)) {
    const auto first = images.name(rows->places.front());
    if (first_size.empty()) first_size = size_text(rows->pixels);
    if (!network.resizes() && size_text(rows->pixels) != first_size) {
      throw Error(ErrorCode::invalid_argument,
                  "the image " + first + " has " + size_text(rows->pixels) + " pixels, those before it " + first_size +
                      "; a " + network.kind() + " takes images of one size",
                  "Bring the images to one size, or use a network that resizes (the 2015 Inception).");
    }
    sink(network.compute(rows->pixels, options.batch, set_observer));
    for (const auto place : rows->places)
      names.update(images.name(place) + "\n");
    set_observer.done(rows->places.back() + 1);
  }
  pass.counts = reader->counts();
  reader.reset();
  if (pass.counts.images == 0)
    throw Error(ErrorCode::invalid_data, "none of the " + std::to_string(images.size()) + " images can be decoded");
  set_observer.done(images.size());
  pass.names_sha256 = names.hex();
  pass.images_sha256 = images.sha256(observer);
  return pass;
}

}  // namespace checkerlab::model
