// What a training from the command line tells: metrics as JSON lines into the run's file, a line for people now and
// then, checkpoints in the run's folder. Used by one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <string>

#include "libmodel/observer.hpp"

namespace checkerlab::worker {

// Drops the lines of steps from `steps_done` on, and lines that were cut off: a continued run reports them again.
void trim_metrics(const std::filesystem::path& file, std::int64_t steps_done);

class TrainingObserver final : public model::Observer {
 public:
  struct Places {
    std::filesystem::path metrics;     // appended to
    std::filesystem::path checkpoint;  // replaced each time
    std::ostream* stream = nullptr;    // gets the metrics lines too, where given
  };

  // `inner` shows progress and knows whether to stop; it must outlive this object.
  TrainingObserver(model::Observer& inner, Places places, std::chrono::duration<double> between_checkpoints);
  ~TrainingObserver() override;

  // The first call says where the run begins: metrics from there on are dropped, and come again. Throws Error when the
  // metrics file cannot be written.
  void progress(std::int64_t done, std::int64_t total, std::string_view unit) override;
  void curve(std::string_view series, std::int64_t step, double value) override;
  void log(model::LogLevel level, std::string_view text) override { inner_.log(level, text); }
  bool cancelled() const override { return inner_.cancelled(); }
  // At the interval, at the end, and when asked to stop.
  std::optional<std::filesystem::path> checkpoint_due() override;
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override;

 private:
  using Clock = std::chrono::steady_clock;
  void begin(std::int64_t steps_done);
  void finish_line();
  void tell();

  model::Observer& inner_;
  Places places_;
  std::chrono::duration<double> interval_;
  std::ofstream metrics_;
  Clock::time_point saved_ = Clock::now(), told_ = Clock::now();
  std::int64_t done_ = 0, total_ = 0, saved_step_ = -1;
  std::int64_t step_ = -1;                                  // of the line that is being gathered
  std::map<std::string, double, std::less<>> line_, last_;  // its values; the newest of every series
};

}  // namespace checkerlab::worker
