// `checkerlab model sample`: pictures from a checkpoint.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/sampling/sample_folder.hpp"
#include "libmodel/sampling/sample_images.hpp"
#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kMostSamples = 10'000'000;

class SampleVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    add_model_options(command);
    add_sampling_options(command);
    add_output_options(command);
  }

  void run(VerbContext& context) override {
    const auto device = model::select_device(device_);
    const auto precision = model::precision_from_string(precision_);
    const model::SampleFolderOptions options = folder_options();
    auto loaded = model::load_any_model(checkpoint_, {.config = optional_path(config_), .ema = ema_, .device = device});
    if (!tokenizer_.empty()) loaded.tokenizer = model::load_any_tokenizer(tokenizer_, std::nullopt, device);
    if (loaded.tokenizer.is_empty())
      throw Error(ErrorCode::invalid_argument, checkpoint_ + " holds no tokenizer to make images with",
                  "Name one with --tokenizer FILE");
    loaded.tokenizer->eval();
    model::ImageRequest request = image_request(options);
    model::labels_of(request, loaded.model.config.classes);  // before anything is written
    model::Sampler sampler(loaded.model, device, precision);
    model::SampleFolder folder(out_, loaded.model.config, request, options);
    model::sample_images(sampler, loaded.tokenizer, device, precision, request, context.observer,
                         [&](const model::ImageBatch& batch) { folder.add(batch); });
    const auto files = folder.finish({{"checkpoint", checkpoint_},
                                      {"checkpoint_sha256", sha256_file(checkpoint_)},
                                      {"averaged_weights", ema_},
                                      {"device", model::describe_device(device).name},
                                      {"precision", precision_}});
    report(context, loaded.notes, request, files);
  }

 private:
  void add_model_options(CLI::App& command) {
    command.add_option("--checkpoint", checkpoint_, "Checkpoint: .pth of the released code, or a model of ours")
        ->required();
    command.add_option("--config", config_, "Configuration of a released checkpoint (else config.yaml beside it)");
    command.add_option("--tokenizer", tokenizer_, "Tokenizer, where the checkpoint holds none");
    command.add_flag("--ema", ema_, "Use the averaged weights");
    command.add_option("--device", device_, "auto, cpu, cuda or cuda:N")->capture_default_str();
    command.add_option("--precision", precision_, "fp32 or bf16")->capture_default_str();
    command.add_option("--batch", batch_, "Samples at once (else what fits); changes nothing in the images")
        ->check(CLI::PositiveNumber);
  }

  void add_sampling_options(CLI::App& command) {
    command.add_option("--classes", classes_, "Classes, taken in turn (else all in turn)")->delimiter(',');
    command.add_option("--count", count_, "Number of images")
        ->check(CLI::Range(std::int64_t{1}, kMostSamples))
        ->capture_default_str();
    command.add_option("--first", first_, "Index of the first sample; an image is a function of seed and index")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--steps-per-scale", steps_, "Steps in every scale: one number, or one per scale (1,4,4,8,8)")
        ->delimiter(',')
        ->capture_default_str();
    command
        .add_option("--guidance", guidance_,
                    "Classifier-free guidance as in the paper: cond + g (cond - uncond). 0 is none; g is what others "
                    "call a scale of g + 1 (1.5 here is their 2.5)")
        ->capture_default_str();
    command.add_option("--guidance-start", guidance_start_, "Steps (over all scales) without guidance at the start")
        ->capture_default_str();
    command.add_option("--temperature", temperature_, "0 takes the most likely code")->capture_default_str();
    command.add_option("--top-k", top_k_, "Draw from the K most likely codes alone")->check(CLI::PositiveNumber);
    command.add_option("--top-p", top_p_, "Draw from the fewest codes that have probability P together");
    command.add_option("--seed", seed_, "Seed of the draws")->capture_default_str();
    command
        .add_option("--order", order_,
                    "checkerboard (the models' own), or for comparison raster, random, quadrant, z-curve")
        ->capture_default_str();
  }

  void add_output_options(CLI::App& command) {
    command.add_option("--out", out_, "Folder for grid.png, images, maps and samples.json")->required();
    command.add_option("--show", show_, "Maps to draw: order (with steps), entropy, pyramid")->delimiter(',');
    command.add_flag("--npz", npz_, "Write samples.npz (arr_0 uint8 NHWC, arr_1 labels) instead of single PNGs");
  }

  static std::optional<std::filesystem::path> optional_path(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
  }

  model::SampleFolderOptions folder_options() const {
    model::SampleFolderOptions options{.npz = npz_};
    for (const std::string& map : show_) {
      if (map == "order")
        options.order = true;
      else if (map == "entropy")
        options.entropy = true;
      else if (map == "pyramid")
        options.pyramid = true;
      else
        throw Error(ErrorCode::invalid_argument, "there is no map '" + map + "'", "Use order, entropy, pyramid");
    }
    return options;
  }

  model::ImageRequest image_request(const model::SampleFolderOptions& options) const {
    model::ImageRequest request{
        .begin = first_, .end = first_ + count_, .classes = classes_, .batch = batch_, .pyramid = options.pyramid};
    model::SamplingSettings& settings = request.settings;
    settings.steps_per_scale = steps_.front();
    if (steps_.size() > 1) settings.steps_of_scales = steps_;
    settings.guidance = guidance_;
    settings.guidance_start_step = guidance_start_;
    settings.temperature = temperature_;
    settings.truncation = {.top_k = top_k_, .top_p = top_p_};
    settings.seed = seed_;
    settings.order = model::scan_order_from_string(order_);
    settings.record_entropy = options.entropy;
    return request;
  }

  void report(const VerbContext& context, std::vector<std::string> notes, const model::ImageRequest& request,
              const std::vector<std::filesystem::path>& files) const {
    if (request.settings.order != model::ScanOrder::checkerboard)
      notes.push_back("the order " + order_ + " is not the one that the model was trained in");
    if (context.json) {
      std::vector<std::string> names(files.begin(), files.end());
      context.out << nlohmann::json{{"files", names}, {"notes", notes}}.dump() << "\n";
      return;
    }
    for (const std::string& note : notes)
      context.err << "note: " << note << "\n";
    context.out << count_ << (count_ == 1 ? " image in " : " images in ") << out_ << "\n";
  }

  std::string checkpoint_, config_, tokenizer_, out_, device_ = "auto", precision_ = "fp32", order_ = "checkerboard";
  std::vector<std::string> show_;
  std::vector<std::int64_t> classes_, steps_{4};
  std::int64_t count_ = 16, first_ = 0, batch_ = 0, guidance_start_ = 0, top_k_ = 0;
  double guidance_ = 0, temperature_ = 1, top_p_ = 1;
  std::uint64_t seed_ = 0;
  bool ema_ = false, npz_ = false;
};

}  // namespace

std::unique_ptr<ModelVerb> make_sample_verb() {
  return std::make_unique<SampleVerb>();
}

}  // namespace checkerlab::worker
