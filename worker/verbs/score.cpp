// `checkerlab score`: the metrics of samples against a reference, from images or from features.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "libmodel/device.hpp"
#include "libmodel/evaluation/metrics/reference_source.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/network_options.hpp"
#include "worker/verbs/score_report.hpp"

namespace checkerlab::worker {
namespace {

using model::Metric;

constexpr std::array kUsual{Metric::fid, Metric::sfid, Metric::is, Metric::pr, Metric::kid, Metric::dc};
constexpr std::int64_t kMostRows = 100'000'000;

[[noreturn]] void refuse(const std::string& what, const std::string& fix) {
  throw Error(ErrorCode::invalid_argument, what, fix);
}

class ScoreVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    auto* const samples = command.add_option("--samples", samples_, "Images: a folder, .tar, .tar.gz or .npz");
    command
        .add_option("--sample-features", sample_features_, "Or their features, as `checkerlab features` writes them")
        ->excludes(samples);
    auto* const reference = command.add_option(
        "--reference", reference_, "Statistics (.npz of ADM or pytorch-fid, `statistics` of a study) or images");
    command.add_option("--reference-features", reference_features_, "Or features")->excludes(reference);
    network_.configure(command);
    command
        .add_option("--metrics", metrics_, "Any of fid, sfid, is, pr, kid, dc, fid_infinity [what there is data for]")
        ->delimiter(',');
    const auto positive = CLI::Range(std::int64_t{1}, kMostRows);
    auto* const count =
        command.add_option("--count", count_, "Score exactly the first N samples [all]")->check(positive);
    command
        .add_option("--ragged", ragged_,
                    "Batch of the released sampling script: score as many samples as its whole batches hold "
                    "(--count 50000 --ragged 128: 50,048)")
        ->check(positive)
        ->needs(count);
    command.add_option("--is-block", is_block_, "Samples in a block of the inception score")
        ->check(positive)
        ->capture_default_str();
    command.add_option("--neighbours", neighbours_, "k of precision, recall, density and coverage")
        ->check(positive)
        ->capture_default_str();
  }

  void run(VerbContext& context) override {
    check_options();
    const auto device = model::select_device(network_.device);
    if (!network_.network.empty()) opened_ = network_.open();
    const auto samples = open_samples(context.observer);
    auto reference = open_reference(context.observer);
    check_identity(*samples, reference);
    settings_ = {chosen_metrics(*samples, reference, context), is_block_, neighbours_, device};

    if (reference) reference->require(settings_.metrics);
    ScoreReport report{.neighbours = neighbours_, .is_block = is_block_};
    auto collected = model::collect(*samples, model::sample_needs(settings_.metrics), wanted_rows(*samples),
                                    model::kJackknifeBlocks, "the samples", device, context.observer);
    report.n = collected.size();
    check_count(report.n);
    model::MetricReference target;
    if (reference) target = reference->collect(settings_.metrics, device, context.observer);
    report.values = model::evaluate(std::move(collected), target, settings_, context.observer);
    finish(report, *samples, reference, context);
  }

 private:
  void check_options() const {
    if (samples_.empty() && sample_features_.empty())
      refuse("there are no samples", "Give --samples IMAGES or --sample-features FILE");
    if (!samples_.empty() && network_.network.empty())
      refuse("images need a feature network", "Give --network, or features of the images with --sample-features");
  }

  std::unique_ptr<model::FeatureSource> open_samples(model::Observer& observer) const {
    if (!sample_features_.empty()) return model::open_feature_file(sample_features_);
    return model::image_features(model::open_image_set(samples_, observer), *opened_, network_.image_options());
  }

  std::optional<model::ReferenceSource> open_reference(model::Observer& observer) {
    if (!reference_features_.empty()) {
      auto features = model::open_feature_file(reference_features_);
      reference_sha256_ = features->sha256(observer);
      return model::ReferenceSource(reference_features_, {}, {}, 0, std::move(features));
    }
    if (reference_.empty()) return std::nullopt;
    auto file = model::read_reference(reference_, observer);
    reference_sha256_ = file.sha256;
    std::unique_ptr<model::FeatureSource> features;
    if (file.images && opened_)
      features = model::image_features(std::move(file.images), *opened_, network_.image_options());
    return model::ReferenceSource(reference_, std::move(file.pool), std::move(file.spatial), file.count,
                                  std::move(features));
  }

  // Features of two networks have nothing to do with each other.
  void check_identity(const model::FeatureSource& samples, const std::optional<model::ReferenceSource>& reference) {
    network_sha256_ = samples.network();
    const std::string other = reference ? reference->network() : "";
    if (network_sha256_.empty()) network_sha256_ = other;
    if (other.empty() || other == network_sha256_) return;
    throw Error(ErrorCode::conflict,
                "the samples' features are of network " + network_sha256_ + " and the reference's of " + other,
                "Compute both with one network");
  }

  static void append(std::string& list, Metric metric) {
    list += (list.empty() ? "" : ", ") + std::string(to_string(metric));
  }

  static bool has_data(const model::FeatureSource& samples, const std::optional<model::ReferenceSource>& reference,
                       Metric metric) {
    if (!samples_can(samples, metric)) return false;
    return metric == Metric::is || (reference && reference->can(metric));
  }

  // Of a metric that has data: has every set whose neighbours it looks for enough rows?
  bool has_neighbours(const model::FeatureSource& samples, const std::optional<model::ReferenceSource>& reference,
                      Metric metric) const {
    if (metric != Metric::pr && metric != Metric::dc) return true;
    return reference->most_rows() > neighbours_ && (metric == Metric::dc || wanted_rows(samples) > neighbours_);
  }

  static bool samples_can(const model::FeatureSource& samples, Metric metric) {
    if (metric == Metric::sfid) return samples.has_spatial();
    return metric == Metric::is ? samples.has_logits() : samples.has_pool();
  }

  std::set<Metric> chosen_metrics(const model::FeatureSource& samples,
                                  const std::optional<model::ReferenceSource>& reference,
                                  const VerbContext& context) const {
    std::set<Metric> chosen;
    for (const auto& name : metrics_)
      chosen.insert(model::metric_from_string(name));
    std::string lacking, too_few;
    for (const auto metric : kUsual) {
      if (!metrics_.empty()) break;
      if (!has_data(samples, reference, metric)) {
        append(lacking, metric);
      } else if (!has_neighbours(samples, reference, metric)) {
        append(too_few, metric);
      } else {
        chosen.insert(metric);
      }
    }
    const bool compares = std::any_of(chosen.begin(), chosen.end(), [](Metric metric) { return metric != Metric::is; });
    if ((compares || chosen.empty()) && !reference)
      refuse("there is no reference", "Give --reference FILE or --reference-features FILE");
    if (chosen.empty()) refuse("samples and reference have nothing that can be compared", "Give --network");
    if (!lacking.empty()) context.err << "note: without data for " << lacking << "\n";
    if (!too_few.empty())
      context.err << "note: without " << too_few << ": " << neighbours_
                  << " neighbours need more rows than there are\n";
    return chosen;
  }

  std::int64_t wanted_rows(const model::FeatureSource& samples) const {
    if (!count_) return samples.size();
    return ragged_ ? (*count_ + *ragged_ - 1) / *ragged_ * *ragged_ : *count_;
  }

  void check_count(std::int64_t n) const {
    if (!count_ || n >= *count_) return;
    throw Error(ErrorCode::invalid_data, fmt::format("only {} of the first {} samples can be used", n, *count_),
                "Replace the corrupt images");
  }

  void finish(ScoreReport& report, model::FeatureSource& samples,
              const std::optional<model::ReferenceSource>& reference, const VerbContext& context) const {
    report.network_sha256 = network_sha256_;
    if (opened_) report.network_precision = model::to_string(opened_->precision());
    report.samples_sha256 = samples.sha256(context.observer);
    if (reference) {
      report.reference_sha256 = reference_sha256_;
      report.n_reference = reference->count();
    }
    const auto note = [&](const char* of, const std::string& text) {
      if (!text.empty()) context.err << "note: " << of << text << "\n";
    };
    note("samples: ", samples.note());
    if (reference) note("reference: ", reference->note());
    if (context.json)
      context.out << score_json(report).dump() << "\n";
    else
      print_scores(context.out, report);
  }

  NetworkOptions network_;
  std::string samples_, sample_features_, reference_, reference_features_;
  std::vector<std::string> metrics_;
  std::optional<std::int64_t> count_, ragged_;
  std::int64_t is_block_ = model::kInceptionBlock, neighbours_ = 3;
  std::unique_ptr<model::FeatureNetwork> opened_;
  std::string network_sha256_, reference_sha256_;
  model::MetricSettings settings_;
};

}  // namespace

std::unique_ptr<ModelVerb> make_score_verb() {
  return std::make_unique<ScoreVerb>();
}

}  // namespace checkerlab::worker
