#include "worker/verbs/training_observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMostLines = 20'000;
constexpr std::chrono::seconds kTellInterval{10};

}  // namespace

void trim_metrics(const std::filesystem::path& file, std::int64_t steps_done) {
  SystemFiles files;
  if (!files.exists(file)) return;
  const std::string text = files.read(file);
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;
    const std::string line = text.substr(begin, end - begin);
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.value("step", steps_done) < steps_done) kept += line + "\n";
    begin = end + 1;
  }
  files.write_atomic(file, kept, 0644);
}

TrainingObserver::TrainingObserver(model::Observer& inner, Places places,
                                   std::chrono::duration<double> between_checkpoints)
    : inner_(inner), places_(std::move(places)), interval_(between_checkpoints) {}

TrainingObserver::~TrainingObserver() {
  finish_line();
}

void TrainingObserver::begin(std::int64_t steps_done) {
  trim_metrics(places_.metrics, steps_done);
  metrics_.open(places_.metrics, std::ios::app);
  if (!metrics_) throw errno_error(errno, "write " + places_.metrics.string());
}

void TrainingObserver::progress(std::int64_t done, std::int64_t total, std::string_view unit) {
  if (!metrics_.is_open()) begin(done);
  done_ = done;
  total_ = total;
  inner_.progress(done, total, unit);
  if (Clock::now() - told_ >= kTellInterval) tell();
}

void TrainingObserver::curve(std::string_view series, std::int64_t step, double value) {
  if (step != step_) finish_line();
  if (!metrics_) throw Error(ErrorCode::io_error, "write " + places_.metrics.string() + " failed", "Is the disk full?");
  step_ = step;
  line_.insert_or_assign(std::string(series), value);
  last_.insert_or_assign(std::string(series), value);
}

// One line in so many that a run has about kMostLines; those with the speed always.
void TrainingObserver::finish_line() {
  const std::int64_t stride = std::max<std::int64_t>(1, total_ / kMostLines);
  if (!line_.empty() && (step_ % stride == 0 || line_.contains("images_per_second"))) {
    Json json = line_;
    json["step"] = step_;
    const std::string text = json.dump() + "\n";
    metrics_ << text << std::flush;
    if (places_.stream != nullptr) *places_.stream << text << std::flush;
  }
  line_.clear();
}

void TrainingObserver::tell() {
  told_ = Clock::now();
  std::string text = fmt::format("step {} of {}", done_, total_);
  for (const auto& [series, form] :
       {std::pair("loss", ": loss {:.4f}"), std::pair("learning_rate", ", rate {:.3g}"),
        std::pair("images_per_second", ", {:.0f} images/s"), std::pair("memory_gib", ", {:.1f} GiB")}) {
    const auto found = last_.find(series);
    if (found != last_.end()) text += fmt::format(fmt::runtime(form), found->second);
  }
  inner_.log(model::LogLevel::info, text);
}

std::optional<std::filesystem::path> TrainingObserver::checkpoint_due() {
  const bool ended = done_ == total_ || inner_.cancelled();
  if (done_ == saved_step_ || (!ended && Clock::now() - saved_ < interval_)) return std::nullopt;
  return places_.checkpoint;
}

void TrainingObserver::checkpoint(std::int64_t step, const std::filesystem::path&) {
  saved_ = Clock::now();
  saved_step_ = step;
  finish_line();
  inner_.log(model::LogLevel::debug, fmt::format("checkpoint after step {}", step));
}

}  // namespace checkerlab::worker
