// `checkerlab model tokenize`: images to a token cache, in our format or the released one.
#include <chrono>
#include <nlohmann/json.hpp>

#include "libmodel/data/released_metadata.hpp"
#include "libmodel/data/released_writer.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/data/tokenize_images.hpp"
#include "libmodel/device.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/tokenizer_options.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;

class TokenizeVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    options_.configure(command);
    command.add_option("--out", out_, "Folder for the cache")->required();
    command.add_option("--format", format_, "released (memory-mapped, any size) or checkerlab (one file a side)")
        ->check(CLI::IsMember({"released", "checkerlab"}))
        ->capture_default_str();
    command.add_option("--name", name_, "Name of a released cache (default: made of size, tokenizer and sides)");
    command
        .add_option("--crops", crops_,
                    "ten (corners, centre and their mirror images, out of a square of 110 %), flip or none")
        ->capture_default_str();
    command.add_option("--batch", batch_, "Crops encoded together")->capture_default_str();
    command.add_flag("--as-stored", as_stored_, "Leave EXIF orientation alone, as the released pipeline does");
  }

  void run(VerbContext& context) override {
    auto tokenizer = options_.load();
    const auto began = std::chrono::steady_clock::now();
    const auto images = model::tokenize_images(options_.images, tokenizer, settings(), out_,
                                               model::select_device(options_.device), context.observer);
    const auto files = write(images, context.observer);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
    const auto count = static_cast<double>(images.rows.size());
    if (context.json) {
      context.out << Json{{"files", files},
                          {"images", images.rows.size()},
                          {"corrupt", images.corrupt},
                          {"crops", images.crops},
                          {"classes", images.classes.size()},
                          {"seconds", seconds.count()},
                          {"images_per_second", count / seconds.count()}}
                         .dump()
                  << "\n";
      return;
    }
    for (const auto& file : files)
      context.out << file << "\n";
    context.err << images.rows.size() << " images, " << images.crops << " crops each, " << images.corrupt
                << " corrupt, " << static_cast<int>(count / seconds.count()) << " images/s\n";
  }

 private:
  model::TokenizeOptions settings() const {
    return {.image_size = options_.image_size,
            .sides = options_.sides,
            .crops = model::parse_crops(crops_),
            .split = options_.split,
            .batch = batch_,
            .threads = options_.thread_count(),
            .max_corrupt = options_.max_corrupt,
            .pose = as_stored_ ? model::Pose::as_stored : model::Pose::upright};
  }

  // The paths that name the cache.
  std::vector<std::string> write(const model::TokenizedImages& images, model::Observer& observer) const {
    std::vector<std::string> files;
    if (format_ == "checkerlab") {
      for (const auto& file : model::write_token_caches(out_, images))
        files.push_back(file.string());
      return files;
    }
    std::vector<int> sides;
    for (const auto& [side, tokens] : images.tokens)
      sides.push_back(side);
    const auto name =
        name_.empty() ? model::released_cache_name(options_.image_size, options_.tokenizer.string(), sides) : name_;
    return {model::write_released_cache(out_, name, images, observer).string()};
  }

  TokenizerOptions options_;
  std::filesystem::path out_;
  std::string format_ = "released", name_, crops_ = "ten";
  std::int64_t batch_ = 64;
  bool as_stored_ = false;
};

}  // namespace

std::unique_ptr<ModelVerb> make_tokenize_verb() {
  return std::make_unique<TokenizeVerb>();
}

}  // namespace checkerlab::worker
