// The JobContext of one attempt inside a runner: thins progress to ten reports a second, gathers curve points, and
// knows whether the attempt was cancelled and where rank 0 of its gang is. Safe from any thread: the job reports, the
// thread that reads commands cancels, tells and ticks.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "worker/runner/event_writer.hpp"
#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

class AttemptContext final : public JobContext {
 public:
  static constexpr std::chrono::milliseconds kLeastInterval{100};
  static constexpr std::chrono::milliseconds kMostSilence{1000};

  AttemptContext(AttemptId id, EventWriter& writer, const Clock& clock);

  void progress(std::int64_t done, std::int64_t total, std::string_view unit, std::string_view message) override;
  void curve(std::string_view series, std::int64_t step, double value) override;
  void log(std::string_view level, std::string_view text) override;
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override;
  void listening(const std::string& host, int port) override;
  GangAddressCommand wait_for_rank_zero() override;
  bool cancelled() const override;

  const AttemptId& id() const { return id_; }
  void cancel();
  void tell(const GangAddressCommand& rank_zero);

  // Sends what was held back long enough, and repeats the last progress after a second of silence: a live process is
  // never taken for a stuck one. Called a few times a second.
  void tick();

  // Sends everything held back; called before the attempt's last event.
  void finish();

 private:
  void send_locked(SteadyTime now);

  const AttemptId id_;
  EventWriter& writer_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::condition_variable told_;  // something of the next two
  bool cancelled_ = false;
  std::optional<GangAddressCommand> rank_zero_;
  std::optional<ProgressEvent> latest_;
  bool progress_held_ = false;
  std::vector<CurvePoint> points_;
  std::optional<SteadyTime> last_sent_;
};

}  // namespace checkerlab::worker
