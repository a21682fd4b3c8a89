// For tests: an observer that keeps what it is told, can cancel and ask for checkpoints.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

class RecordingObserver : public NullObserver {
 public:
  void progress(std::int64_t done, std::int64_t, std::string_view) override {
    if (done > 0) ++progress_calls;
    last_done = done;
  }
  void curve(std::string_view series, std::int64_t step, double value) override {
    curves[std::string(series)][step] = value;
  }
  void log(LogLevel, std::string_view text) override { lines.emplace_back(text); }
  bool cancelled() const override { return cancel_at && last_done >= *cancel_at; }
  std::optional<std::filesystem::path> checkpoint_due() override {
    return checkpoint_at && last_done == *checkpoint_at ? std::optional(checkpoint_file) : std::nullopt;
  }
  void checkpoint(std::int64_t step, const std::filesystem::path&) override { checkpoints.push_back(step); }

  std::map<std::string, std::map<std::int64_t, double>> curves;
  std::vector<std::string> lines;
  std::vector<std::int64_t> checkpoints;  // the steps
  std::int64_t last_done = 0;
  int progress_calls = 0;
  std::optional<std::int64_t> cancel_at, checkpoint_at;
  std::filesystem::path checkpoint_file;
};

}  // namespace checkerlab::model
