#include "sweeps/work.hpp"

#include <algorithm>
#include <vector>

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

constexpr double kGiga = 1e9, kMega = 1e6;
constexpr double kInceptionGflop = 11.4;
constexpr double kInceptionWidth = 2048, kInceptionClasses = 1008, kSpatialWidth = 2023;
constexpr double kInceptionMegabytes = 96;
constexpr double kBlocks = 11;              // FIDs of a point: its own and those of the jackknife
constexpr double kReferenceImages = 10000;  // in the published file
constexpr double kTestShare = 0.04;         // of test images beside the training images, for sizes on disk

struct Autoencoder {
  double stride = 16, channels = 128, blocks = 2;
  std::vector<double> multipliers{1, 1, 2, 2, 4};  // as published
  double codes = 4096;

  // FLOP of the convolutions for an image of `side` pixels; `extra` more residual blocks a level in the decoder.
  double flop(double side, double extra) const {
    double sum = 0, at = side;
    for (const double multiplier : multipliers) {
      const double width = channels * multiplier;
      sum += (2 * (blocks + extra) + 1) * 9 * width * width * at * at * 2;
      at /= 2;
    }
    return sum;
  }
  double encode(double side) const { return flop(side, 0); }
  double decode(double side) const { return flop(side, 1); }
};

struct Transformer {
  double layers = 0, width = 0, hidden = 0;
  std::vector<int> sizes;
  double classes = 0;
  bool average = false;

  double tokens() const {
    double sum = 1;  // the class
    for (const int side : sizes)
      sum += side * side;
    return sum;
  }
  double layer_weights() const { return layers * (4 * width * width + 3 * width * hidden); }
  // One pass over all tokens of an image; half of the pairs attend.
  double flop(double codes) const {
    const double each = layer_weights() + width * codes + 5 * width * width + layers * width * tokens();
    return 2 * tokens() * each + 8 * layers * width * width;
  }
  double parameters(double codes) const {
    return layer_weights() + 4 * layers * width * width + width * codes + 5 * width * width +
           (tokens() + classes) * width;
  }
};

// The stages' convolutions of a metric network.
double stages_flop(const Json& channels, double side) {
  double sum = 0;
  for (const Json& width : channels) {
    sum += 2 * 9 * width.get<double>() * width.get<double>() * side * side * 2;
    side /= 2;
  }
  return sum;
}

class Counter {
 public:
  Counter(const Json& spec, const SpecOf& spec_of, const Assumed& assumed)
      : spec_(spec), params_(spec.at("params")), spec_of_(spec_of), assumed_(assumed) {}

  std::optional<JobWork> run() {
    const std::string kind = spec_.at("kind");
    if (kind == "import_dataset") return import_dataset();
    if (kind == "import_file") return JobWork{0, 0, file_megabytes()};
    if (kind == "train_tokenizer") return train_tokenizer();
    if (kind == "retrain_codebook") return retrain_codebook();
    if (kind == "tokenize_dataset") return tokenize();
    if (kind == "train_metric_network") return train_network();
    if (kind == "reference_statistics") return reference();
    if (kind == "train_model") return train_model();
    if (kind == "evaluate_shard") return shard();
    if (kind == "score_point") return score();
    if (kind == "sample_grid") return grid();
    if (kind == "measure_entropy") return sampled(number("samples"), 0.01);
    if (kind == "measure_latency") return latency();
    return JobWork{};
  }

 private:
  double number(const char* name) const { return params_.at(name).get<double>(); }

  const Json* input(const Json& spec, const std::string& role) const {
    const auto found = spec.at("inputs").find(role);
    return found == spec.at("inputs").end() ? nullptr : spec_of_(found->get<std::string>());
  }

  Autoencoder autoencoder(const Json* spec) const {
    while (spec && spec->at("kind") == "retrain_codebook")
      spec = input(*spec, "tokenizer");
    if (!spec || spec->at("kind") != "train_tokenizer") return {};
    const Json& params = spec->at("params");
    return {params.at("stride"), params.at("channels"), params.at("res_blocks"),
            params.at("multipliers").get<std::vector<double>>(), params.at("codes")};
  }
  Autoencoder autoencoder() const { return autoencoder(input(spec_, "tokenizer")); }

  Transformer transformer(const Json& spec) const {
    const Json& params = spec.at("params");
    Transformer model{static_cast<double>(assumed_.model.layers), static_cast<double>(assumed_.model.width),
                      static_cast<double>(assumed_.model.hidden), params.at("sizes").get<std::vector<int>>(),
                      params.at("classes").get<double>(),         params.contains("ema_decay")};
    if (spec.at("kind") == "import_file") return model;
    model.layers = params.at("layers");
    model.width = params.at("width");
    model.hidden = params.at("hidden");
    return model;
  }

  // Training images.
  std::optional<double> images(const Json* dataset) const {
    if (dataset && dataset->at("params").contains("images_train"))
      return dataset->at("params").at("images_train").get<double>();
    if (assumed_.images > 0) return static_cast<double>(assumed_.images);
    return std::nullopt;
  }

  double model_megabytes(const Transformer& model, double codes) const {
    return model.parameters(codes) * 4 * (model.average ? 2 : 1) / kMega;
  }

  std::optional<JobWork> import_dataset() const {
    const auto train = images(&spec_);
    if (!train) return std::nullopt;
    const double all = *train + (params_.contains("images_test") ? number("images_test") : *train * kTestShare);
    const double pixels = number("size") * number("size");
    return JobWork{all, pixels / kMega, all * pixels * 3 / kMega};
  }

  double file_megabytes() const {
    const std::string as = params_.at("as");
    if (as == "network") return kInceptionMegabytes;
    if (as == "model") return model_megabytes(transformer(spec_), autoencoder().codes);
    return 287;  // the published autoencoder, 71.8 million parameters
  }

  std::optional<JobWork> train_tokenizer() const {
    const Autoencoder coder = autoencoder(&spec_);
    const double side = params_.at("sizes").back().get<double>() * coder.stride;
    double parameters = 0;
    for (const double multiplier : coder.multipliers)
      parameters += (4 * coder.blocks + 4) * 9 * coder.channels * multiplier * coder.channels * multiplier;
    return JobWork{number("steps") * number("batch"), 3 * (coder.encode(side) + coder.decode(side)) / kGiga,
                   parameters * 4 / kMega};
  }

  std::optional<JobWork> retrain_codebook() const {
    const Autoencoder coder = autoencoder();
    const double side = params_.at("sizes").back().get<double>() * coder.stride;
    return JobWork{number("steps") * number("batch"), coder.encode(side) / kGiga, 287};
  }

  std::optional<JobWork> tokenize() const {
    const auto train = images(input(spec_, "dataset"));
    if (!train) return std::nullopt;
    const std::string how = params_.at("crops");
    const double crops = how == "ten" ? 10 : how == "flip" ? 2 : 1;
    const Autoencoder coder = autoencoder();
    const double side = number("size");
    return JobWork{*train * crops, coder.encode(side * coder.stride) / kGiga, *train * crops * side * side * 2 / kMega};
  }

  std::optional<JobWork> train_network() const {
    const Json* dataset = input(spec_, "dataset");
    if (!dataset) return std::nullopt;
    const double flop = stages_flop(params_.at("channels"), dataset->at("params").at("size"));
    return JobWork{number("steps") * number("batch"), 3 * flop / kGiga, 1};
  }

  struct Network {
    double gflop = kInceptionGflop, width = kInceptionWidth, classes = kInceptionClasses;
  };
  // Of images of `side` pixels.
  Network network(double side) const {
    const Json* spec = input(spec_, "network");
    if (!spec || spec->at("kind") != "train_metric_network") return {};
    const Json& params = spec->at("params");
    return {stages_flop(params.at("channels"), side) / kGiga, params.at("feature_width"), 10};
  }

  std::optional<JobWork> reference() const {
    const Json* dataset = input(spec_, "dataset");
    const auto train = dataset ? images(dataset) : std::optional(kReferenceImages);
    if (!train) return std::nullopt;
    const Network found = network(dataset ? dataset->at("params").at("size").get<double>() : 0);
    const double kept = params_.contains("features") ? *train * found.width * 4 : 0;
    return JobWork{*train, found.gflop, (found.width * found.width * 8 + kept) / kMega};
  }

  std::optional<JobWork> train_model() const {
    const Json* tokens = nullptr;
    for (const auto& [role, key] : spec_.at("inputs").items()) {
      if (role.starts_with("tokens.")) tokens = spec_of_(key.get<std::string>());
    }
    const Transformer model = transformer(spec_);
    const double codes = autoencoder().codes;
    std::optional<double> units;
    if (params_.contains("steps")) {
      units = number("steps") * number("batch");
    } else if (const auto train = images(tokens ? input(*tokens, "dataset") : nullptr)) {
      units = *train * number("epochs");
    }
    if (!units) return std::nullopt;
    return JobWork{*units, 3 * model.flop(codes) / kGiga, model_megabytes(model, codes)};
  }

  // FLOP of sampling and decoding one image.
  double sampling_gflop(const Transformer& model, const Autoencoder& coder) const {
    const double branches = number("guidance") > 0 ? 2 : 1;
    return (branches * model.flop(coder.codes) + coder.decode(model.sizes.back() * coder.stride)) / kGiga;
  }

  std::optional<JobWork> shard() const {
    const Json* spec = input(spec_, "model");
    if (!spec) return std::nullopt;
    const Transformer model = transformer(*spec);
    const Autoencoder coder = autoencoder();
    const Network found = network(model.sizes.back() * coder.stride);
    const double count = number("end") - number("begin");
    const double row = found.width + found.classes + (params_.contains("spatial") ? kSpatialWidth : 0);
    return JobWork{count, sampling_gflop(model, coder) + found.gflop,
                   (count * row * 4 + found.width * found.width * 8) / kMega};
  }

  std::optional<JobWork> score() const {
    const double width = network(32).width;
    return JobWork{1, (2 * number("samples") * width * width + kBlocks * 20 * width * width * width) / kGiga, 0};
  }

  std::optional<JobWork> sampled(double count, double megabytes_each) const {
    const Json* spec = input(spec_, "model");
    if (!spec) return std::nullopt;
    return JobWork{count, sampling_gflop(transformer(*spec), autoencoder()), count * megabytes_each};
  }

  std::optional<JobWork> grid() const {
    const Json* spec = input(spec_, "model");
    if (!spec) return std::nullopt;
    const Json& model = spec->at("params");
    const double classes = params_.contains("classes") ? static_cast<double>(params_.at("classes").size())
                                                       : model.at("classes").get<double>();
    const double side = model.at("sizes").back().get<double>() * autoencoder().stride;
    return sampled(number("per_class") * classes, side * side * 3 / kMega);
  }

  std::optional<JobWork> latency() const {
    const auto one = sampled(1, 0);
    if (!one) return std::nullopt;
    return JobWork{number("warmup") + number("repeats"), one->gflop * number("batch"), 0};
  }

  const Json& spec_;
  const Json& params_;
  const SpecOf& spec_of_;
  const Assumed& assumed_;
};

}  // namespace

std::optional<JobWork> work_of(const nlohmann::json& spec, const SpecOf& spec_of, const Assumed& assumed) {
  return Counter(spec, spec_of, assumed).run();
}

}  // namespace checkerlab::sweeps
