// Shows how far a verb is: on a terminal one line that is drawn again in place, elsewhere a line at most every five
// seconds. Log lines but for those of level debug appear as they come. Used by one thread.
#pragma once

#include <atomic>
#include <chrono>
#include <ostream>
#include <string>

#include "libmodel/observer.hpp"

namespace checkerlab::worker {

class TerminalObserver final : public model::Observer {
 public:
  // `stop` becomes true when the person wants to stop (a signal handler may set it); both must outlive the observer.
  TerminalObserver(std::ostream& err, bool terminal, const std::atomic<bool>& stop);
  ~TerminalObserver() override;

  void progress(std::int64_t done, std::int64_t total, std::string_view unit) override;
  void curve(std::string_view, std::int64_t, double) override {}
  void log(model::LogLevel level, std::string_view text) override;
  bool cancelled() const override { return stop_; }
  std::optional<std::filesystem::path> checkpoint_due() override { return std::nullopt; }
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}

 private:
  using Clock = std::chrono::steady_clock;
  void clear_line();

  std::ostream& err_;
  bool terminal_;
  const std::atomic<bool>& stop_;
  Clock::time_point began_, last_;
  std::string unit_;             // of the stage that is shown
  std::int64_t first_done_ = 0;  // when that stage began
  bool line_shown_ = false;
};

}  // namespace checkerlab::worker
