// An observer for tests: records what it hears, cancels and asks for checkpoints on request.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

class RecordingObserver : public Observer {
 public:
  void progress(std::int64_t done, std::int64_t total, std::string_view) override {
    done_ = done;
    total_ = total;
  }
  void curve(std::string_view series, std::int64_t, double value) override {
    curves_[std::string(series)].push_back(value);
  }
  void log(LogLevel, std::string_view text) override { lines_.emplace_back(text); }
  bool cancelled() const override { return cancel_at_ >= 0 && done_ >= cancel_at_; }
  std::optional<std::filesystem::path> checkpoint_due() override {
    return done_ == checkpoint_at_ ? std::optional(checkpoint_file_) : std::nullopt;
  }
  void checkpoint(std::int64_t step, const std::filesystem::path&) override { checkpoint_step_ = step; }

  void cancel_at(std::int64_t done) { cancel_at_ = done; }
  void ask_checkpoint(std::int64_t done, std::filesystem::path file) {
    checkpoint_at_ = done;
    checkpoint_file_ = std::move(file);
  }

  std::int64_t done() const { return done_; }
  std::int64_t total() const { return total_; }
  std::int64_t checkpoint_step() const { return checkpoint_step_; }
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<double>& curve_of(const std::string& series) { return curves_[series]; }

 private:
  std::int64_t done_ = 0, total_ = 0, cancel_at_ = -1, checkpoint_at_ = -1, checkpoint_step_ = -1;
  std::filesystem::path checkpoint_file_;
  std::vector<std::string> lines_;
  std::map<std::string, std::vector<double>> curves_;
};

}  // namespace checkerlab::model
