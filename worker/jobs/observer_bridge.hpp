// Lets libmodel report through a job's context.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "libmodel/observer.hpp"
#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

// Checkpoints are due every `interval` (0: after every step), or less often where writing them would take more than a
// twentieth of the time. Curves longer than about 2,000 points are thinned, each by itself. The context must outlive
// the bridge. Used by one thread.
class ObserverBridge final : public model::Observer {
 public:
  ObserverBridge(JobContext& context, std::filesystem::path scratch, std::chrono::duration<double> interval);

  void progress(std::int64_t done, std::int64_t total, std::string_view unit) override;
  void curve(std::string_view series, std::int64_t step, double value) override;
  void log(model::LogLevel level, std::string_view text) override;
  bool cancelled() const override { return context_.cancelled(); }
  std::optional<std::filesystem::path> checkpoint_due() override;
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override;

 private:
  using Clock = std::chrono::steady_clock;

  JobContext& context_;
  std::filesystem::path scratch_;
  std::chrono::duration<double> interval_;
  Clock::time_point last_;     // when a checkpoint was last complete
  Clock::time_point writing_;  // when the present one was begun
  std::int64_t curve_stride_ = 1;
  std::map<std::string, std::int64_t, std::less<>> next_point_;  // series → step from which on a point is wanted
  int checkpoints_ = 0;
};

}  // namespace checkerlab::worker
