#include "sweeps/meaning_check.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "sweeps/facts.hpp"
#include "sweeps/model_check.hpp"
#include "sweeps/placement.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/study_size.hpp"

namespace checkerlab::sweeps {
namespace {

constexpr std::int64_t kMaxGrid = 64;

class MeaningCheck {
 public:
  MeaningCheck(const SourceDocument& document, const std::vector<DefinitionIssue>& known)
      : document_(document), facts_(document, known) {}

  std::vector<DefinitionIssue> run() {
    check_stride();
    check_grid();
    check_tokenizer_widths();
    check_codebook_steps();
    check_metric_network();
    check_network();
    check_crops();
    check_sample_classes();
    check_given_models();
    append(check_model(document_, facts_));
    check_ratios();
    check_all_steps();
    check_batches();
    check_average();
    check_search();
    check_scheduling();
    check_study_size();
    return std::move(issues_);
  }

 private:
  void report(const std::string& pointer, std::string message, std::string fix) {
    issues_.push_back(document_.issue_at_value(pointer, std::move(message), std::move(fix)));
  }

  void check_scheduling() {
    if (const auto deadline = facts_.text("/deadline")) {
      try {
        parse_rfc3339(*deadline);
      } catch (const Error&) {
        report("/deadline", "there is no such time as " + *deadline, "Write it as 2027-01-31T12:00:00Z.");
      }
    }
    std::set<std::string> kinds;
    for (std::int64_t i = 0; i < facts_.count("/placement/stages").value_or(0); ++i) {
      const std::string pointer = "/placement/stages/" + std::to_string(i) + "/kind";
      const auto kind = facts_.text(pointer);
      if (kind && !kinds.insert(*kind).second)
        report(pointer, "the kind " + *kind + " is listed twice", "Write one entry for it.");
      if (kind) check_ranks(*kind, "/placement/stages/" + std::to_string(i) + "/ranks");
    }
  }

  void check_ranks(const std::string& kind, const std::string& pointer) {
    const auto least = facts_.integer(pointer + "/min");
    const auto most = facts_.integer(pointer + "/max");
    if (!facts_.integer(pointer) && !least && !most) return;
    if (!runs_on_several(kind)) {
      report(pointer, "a job of the kind " + kind + " cannot run on several workers",
             "Leave it out; only train_model takes ranks.");
    } else if (least && most && *least > *most) {
      report(pointer, "min " + std::to_string(*least) + " is more than max " + std::to_string(*most),
             "Give the smallest number of workers as min and the largest as max.");
    }
  }

  void check_stride() {
    const auto size = facts_.integer("/dataset/size");
    const auto stride = facts_.integer("/tokenizer/stride");
    const auto levels = facts_.count("/tokenizer/multipliers");
    if (size && stride && *size % *stride != 0)
      report("/tokenizer/stride",
             "the image size " + std::to_string(*size) + " is not divisible by the stride " + std::to_string(*stride),
             "Choose a stride that divides dataset.size.");
    if (!stride || !levels || *stride == std::int64_t{1} << (*levels - 1)) return;
    report("/tokenizer/multipliers",
           std::to_string(*levels) + " levels halve the image " + std::to_string(*levels - 1) +
               " times, which is a stride of " + std::to_string(std::int64_t{1} << (*levels - 1)) + ", not " +
               std::to_string(*stride),
           "Give one multiplier more than the stride has halvings: stride 2 needs two.");
  }

  void check_grid() {
    const auto grid = facts_.grid();
    if (!grid || *grid <= kMaxGrid) return;
    report("/tokenizer/stride",
           "the token grid would be " + std::to_string(*grid) + "×" + std::to_string(*grid) + ", at most " +
               std::to_string(kMaxGrid) + "×" + std::to_string(kMaxGrid) + " is possible",
           "Use a larger stride or smaller images.");
  }

  // Normalisation works on groups of channels: four each, or 32 groups from 128 channels on.
  void check_tokenizer_widths() {
    const auto channels = facts_.integer("/tokenizer/channels");
    if (!channels || *channels % (*channels < 128 ? 4 : 32) == 0) return;
    report("/tokenizer/channels", std::to_string(*channels) + " channels cannot be normalised in groups",
           "Use a multiple of 4 below 128, of 32 from there on.");
  }

  void check_codebook_steps() {
    const auto steps = facts_.integer("/tokenizer/retrain_codebook/steps");
    const auto gather = facts_.integer("/tokenizer/retrain_codebook/gather_steps").value_or(1000);
    if (!steps || *steps > gather) return;
    report("/tokenizer/retrain_codebook/steps",
           std::to_string(*steps) + " steps leave none after the " + std::to_string(gather) +
               " that only gather statistics",
           "Use more steps, or lower gather_steps.");
  }

  void check_metric_network() {
    const auto count = facts_.count("/metric_network/channels").value_or(0);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string pointer = "/metric_network/channels/" + std::to_string(i);
      const auto width = facts_.integer(pointer);
      if (width && *width % 8 != 0)
        report(pointer, std::to_string(*width) + " channels cannot be normalised in groups of 8",
               "Use a multiple of 8.");
    }
    const auto size = facts_.integer("/dataset/size");
    const auto stages = facts_.count("/metric_network/channels");
    if (!size || !stages || (*size >> (*stages - 1)) >= 1) return;
    report("/metric_network/channels",
           std::to_string(*stages) + " stages halve an image of " + std::to_string(*size) + " pixels to nothing",
           "Use fewer stages.");
  }

  bool has(const char* pointer) const { return document_.json().contains(nlohmann::json::json_pointer(pointer)); }

  bool has_points() const {
    return facts_.count("/sweep/steps_per_scale").value_or(1) > 0 && facts_.count("/sweep/guidance").value_or(1) > 0;
  }

  bool lists(const std::string& pointer, const nlohmann::json& wanted) const {
    const nlohmann::json::json_pointer place(pointer);
    if (!document_.json().contains(place) || !document_.json().at(place).is_array()) return false;
    const auto& list = document_.json().at(place);
    return std::find(list.begin(), list.end(), wanted) != list.end();
  }

  void check_network() {
    if (!document_.json().is_object()) return;
    const bool trained = has("/metric_network"), given = has("/evaluation/network");
    if (!trained && !given && has_points()) {
      issues_.push_back(document_.issue_at_key("", "the key 'metric_network' is missing",
                                               "Write it, or name a network that is there with evaluation.network."));
      issues_.back().path = "metric_network";
    }
    if (trained && given)
      report("/evaluation/network",
             "the features come from a metric_network or from a network that is given, not from both",
             "Remove metric_network or evaluation.network.");
    if (!given && lists("/evaluation/metrics", "sfid"))
      report("/evaluation/metrics", "sfid needs spatial features, which a metric network does not have",
             "Name an Inception network with evaluation.network, or leave sfid out.");
  }

  void check_sample_classes() {
    const auto classes = facts_.integer("/dataset/classes");
    for (std::int64_t i = 0; i < facts_.count("/samples/classes").value_or(0); ++i) {
      const std::string pointer = "/samples/classes/" + std::to_string(i);
      const auto number = facts_.integer(pointer);
      if (number && classes && *number >= *classes)
        report(pointer,
               "there is no class " + std::to_string(*number) + ": the data set has " + std::to_string(*classes),
               "Classes count from 0.");
    }
  }

  void check_crops() {
    if (facts_.text("/dataset/crops") != "ten" || facts_.integer("/dataset/limit_per_class").value_or(0) == 0) return;
    report("/dataset/limit_per_class", "ten crops are made of all images, so this must be 0", "Set it to 0.");
  }

  void check_given_models() {
    const auto count = facts_.count("/model/given").value_or(0);
    const auto layers = facts_.integer("/model/layers");
    for (std::int64_t i = 0; i < facts_.count("/sweep/mixing_layers").value_or(0); ++i) {
      const std::string pointer = "/sweep/mixing_layers/" + std::to_string(i);
      const auto mixing = facts_.integer(pointer);
      if (mixing && layers && *mixing > *layers)
        report(pointer,
               std::to_string(*mixing) + " mixing layers, but the model has " + std::to_string(*layers) + " layers",
               "Use at most model.layers.");
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string entry = "/model/given/" + std::to_string(i);
      append(check_ratio(document_, facts_, entry + "/ratio"));
      const auto mixing = facts_.integer(entry + "/mixing_layers");
      if (mixing && !lists("/sweep/mixing_layers", *mixing))
        report(entry + "/mixing_layers", "no model of the sweep has " + std::to_string(*mixing) + " mixing layers",
               "Leave it out, or name one of sweep.mixing_layers.");
      const nlohmann::json::json_pointer ratio(entry + "/ratio");
      if (document_.json().contains(ratio) && !has("/model/start") && facts_.count("/sweep/ratios") &&
          !lists("/sweep/ratios", document_.json().at(ratio)))
        report(entry + "/ratio", "the sweep has no model of this ratio", "Name one of sweep.ratios.");
    }
  }

  void append(std::vector<DefinitionIssue> more) {
    issues_.insert(issues_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  void check_ratios() {
    const auto count = facts_.count("/sweep/ratios").value_or(0);
    for (std::int64_t i = 0; i < count; ++i)
      append(check_ratio(document_, facts_, "/sweep/ratios/" + std::to_string(i)));
  }

  void check_steps(const std::string& pointer) {
    const auto grid = facts_.grid();
    const auto steps = facts_.integer(pointer);
    if (!grid || !steps || *steps <= *grid * *grid) return;
    report(pointer,
           std::to_string(*steps) + " steps per scale, but the largest scale (" + std::to_string(*grid) + "×" +
               std::to_string(*grid) + ") has only " + std::to_string(*grid * *grid) + " tokens",
           "Use at most " + std::to_string(*grid * *grid) + ".");
  }

  void check_all_steps() {
    for (const std::string list : {"/sweep", "/measure_latency", "/measure_entropy"}) {
      const auto count = facts_.count(list + "/steps_per_scale").value_or(0);
      for (std::int64_t i = 0; i < count; ++i)
        check_steps(list + "/steps_per_scale/" + std::to_string(i));
    }
    const auto samples = facts_.integer("/measure_entropy/samples"), shown = facts_.integer("/measure_entropy/shown");
    if (samples && shown && *shown > *samples)
      report("/measure_entropy/shown",
             std::to_string(*shown) + " samples to show of " + std::to_string(*samples) + " that are drawn",
             "Show at most measure_entropy.samples.");
    check_steps("/samples/steps_per_scale");
  }

  void check_batches() {
    const auto images = facts_.integer("/dataset/train_images");
    if (!images || facts_.text("/dataset/kind") != "procedural") return;
    for (const char* pointer : kBatchPointers) {
      const auto batch = facts_.integer(pointer);
      if (!batch || *batch <= *images) continue;
      report(pointer,
             "a batch of " + std::to_string(*batch) + ", but there are only " + std::to_string(*images) +
                 " training images",
             "Use a smaller batch or more images.");
    }
  }

  void check_average() {
    const auto& json = document_.json();
    const nlohmann::json::json_pointer wanted("/evaluation/ema"), kept("/model/train/ema_decay");
    if (!json.contains(wanted) || json.at(wanted) != true || json.contains(kept) || has("/model/given")) return;
    report("/evaluation/ema", "the models keep no moving average of their weights",
           "Set model.train.ema_decay, for example 0.9999, or remove this.");
  }

  // Values to measure; of a search twice as many as its grid has: a screen, and the value with all images.
  std::optional<std::int64_t> guidance_values() const {
    if (!has("/sweep/guidance/search")) return facts_.count("/sweep/guidance");
    const auto from = facts_.number("/sweep/guidance/search/from");
    const auto to = facts_.number("/sweep/guidance/search/to");
    const auto step = facts_.number("/sweep/guidance/search/step");
    if (!from || !to || !step || *step <= 0 || *to <= *from) return std::nullopt;
    return 2 * search_grid_size(*from, *to, *step);
  }

  void check_search() {
    if (!has("/sweep/guidance/search")) return;
    const auto from = facts_.number("/sweep/guidance/search/from");
    const auto to = facts_.number("/sweep/guidance/search/to");
    const auto values = guidance_values();
    if (from && to && *to <= *from)
      report("/sweep/guidance/search/to", "the search ends where it begins or before", "Set it above from.");
    if (values && (*values < 2 * kFewestSearched || *values > 2 * kMostSearched))
      report("/sweep/guidance/search/step",
             "the search has " + std::to_string(*values / 2) + " values, from " + std::to_string(kFewestSearched) +
                 " to " + std::to_string(kMostSearched) + " are possible",
             "Choose another step or range; write few values as a list.");
    if (facts_.count("/evaluation/metrics") && !lists("/evaluation/metrics", "fid"))
      report("/evaluation/metrics", "a search for guidance goes by fid", "Add fid, or write the guidance as a list.");
    check_screen_samples();
  }

  // The screen's shards must be the first shards of the whole point.
  void check_screen_samples() {
    const std::string pointer = "/sweep/guidance/search/screen_samples";
    const auto screen = facts_.integer(pointer);
    const auto samples = facts_.integer("/evaluation/samples");
    const auto shard = facts_.integer("/evaluation/shard_size");
    if (!screen || !samples || !shard) return;
    if (*screen >= *samples)
      report(pointer, std::to_string(*screen) + " images are no fewer than evaluation.samples", "Screen with fewer.");
    else if (*screen % *shard != 0)
      report(pointer,
             std::to_string(*screen) + " images are no whole number of shards of " + std::to_string(*shard) +
                 ", so the measurement with all images could not use them again",
             "Set evaluation.shard_size to " + std::to_string(*screen) + ", or to a number that divides it.");
  }

  void check_study_size() {
    const auto ratios = facts_.count("/sweep/ratios");
    const auto steps = facts_.count("/sweep/steps_per_scale");
    const auto guidance = guidance_values();
    const auto seeds = facts_.count("/evaluation/seeds");
    const auto samples = facts_.integer("/evaluation/samples");
    const auto shard_size = facts_.integer("/evaluation/shard_size");
    if (!ratios || !steps || !guidance || !seeds || !samples || !shard_size) return;
    const auto variants = facts_.count("/sweep/mixing_layers").value_or(1);
    const StudySize size{*ratios * variants * *steps * *guidance * *seeds, (*samples + *shard_size - 1) / *shard_size};
    if (const auto problem = too_large(size)) report("/sweep", *problem, kTooLargeFix);
  }

  static constexpr std::array<const char*, 3> kBatchPointers{"/tokenizer/batch", "/metric_network/batch",
                                                             "/model/train/batch"};

  const SourceDocument& document_;
  Facts facts_;
  std::vector<DefinitionIssue> issues_;
};

}  // namespace

std::vector<DefinitionIssue> check_meaning(const SourceDocument& document, const std::vector<DefinitionIssue>& known) {
  return MeaningCheck(document, known).run();
}

}  // namespace checkerlab::sweeps
