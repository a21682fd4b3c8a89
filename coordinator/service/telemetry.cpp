#include <algorithm>
#include <utility>

#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/store/job_rows.hpp"
#include "coordinator/store/telemetry_rows.hpp"

namespace checkerlab::coordinator {
namespace {

// Progress of one job is written at most this often; the last of it always is.
constexpr scheduler::Millis kProgressInterval = 250;
constexpr std::size_t kMaxLogText = 8 * 1024;

Json curve_points(const std::vector<rpc::CurvePoint>& points) {
  Json list = Json::array();
  for (const rpc::CurvePoint& point : points) {
    list.push_back({{"series", point.series}, {"step", point.step}, {"value", point.value}});
  }
  return list;
}

// Cuts at a character's start: half a character is no text.
void cut_long_lines(std::vector<rpc::LogLine>& lines) {
  for (rpc::LogLine& line : lines) {
    if (line.text.size() <= kMaxLogText) continue;
    std::size_t end = kMaxLogText;
    while (end > 0 && (static_cast<unsigned char>(line.text[end]) & 0xC0) == 0x80)
      --end;
    line.text.resize(end);
    line.text += "…";
  }
}

}  // namespace

std::optional<scheduler::JobIndex> Coordinator::Impl::present_job(const Session& session,
                                                                  const rpc::AttemptRef& attempt) const {
  const auto index = state_.find_job(scheduler::parse_key(attempt.key.str()));
  if (!index) return std::nullopt;
  const scheduler::Job& job = state_.job(*index);
  if (job.state != scheduler::JobState::running || job.attempt != value_of(attempt.attempt)) return std::nullopt;
  if (state_.worker(job.worker).id != session.worker) return std::nullopt;
  return index;
}

void Coordinator::Impl::on_started(const Session& session, const rpc::AttemptStarted& message, Change& change) {
  apply(scheduler::AttemptStarted{session.worker,
                                  {scheduler::parse_key(message.attempt.key.str()), value_of(message.attempt.attempt)}},
        change);
  const auto job = present_job(session, message.attempt);
  if (!job || !message.ready_seconds) return;
  constexpr double kMost = 365.0 * 86'400;  // of what a worker may claim
  const auto ready = static_cast<std::int64_t>(std::min(*message.ready_seconds, kMost) * 1'000);
  change.disk.steps.push_back(
      [number = number_of(*job), attempt = value_of(message.attempt.attempt), at = utc_ms() - ready](
          SQLite::Database& database, std::vector<ServerEvent>&) { set_fetched(database, number, attempt, at); });
}

void Coordinator::Impl::on_progress(const Session& session, const rpc::Progress& message, Change& change) {
  const auto job = present_job(session, message.attempt);
  if (!job) return;
  Progress& progress = progress_[*job];
  const std::uint32_t number = value_of(message.attempt.attempt);
  const bool first = progress.number != number;
  progress.number = number;
  progress.latest = {
      {"done", message.done}, {"total", message.total}, {"unit", message.unit}, {"message", message.message}};
  progress.pending = true;
  if (first || steady_ms() - progress.written_at >= kProgressInterval) write_progress(*job, progress, change);
}

void Coordinator::Impl::write_progress(scheduler::JobIndex job, Progress& progress, Change& change) {
  progress.pending = false;
  progress.written_at = steady_ms();
  change.disk.steps.push_back(
      [number = number_of(job), attempt = progress.number, latest = progress.latest,
       key = scheduler::to_hex(state_.job(job).key)](SQLite::Database& database, std::vector<ServerEvent>& events) {
        set_progress(database, number, latest);
        events.push_back({0,
                          "progress",
                          studies_of_job(database, number),
                          {{"type", "progress"}, {"key", key}, {"attempt", attempt}, {"progress", latest}}});
      });
  for (std::uint32_t link = state_.job(job).studies; link != scheduler::kEndOfList;
       link = state_.study_links[link].next) {
    untold_studies_.insert(number_of(state_.study_links[link].item));
  }
}

void Coordinator::Impl::flush_progress(Change& change) {
  for (auto& [job, progress] : progress_) {
    if (progress.pending) write_progress(job, progress, change);
  }
}

void Coordinator::Impl::on_curve(const Session& session, const rpc::Curve& message, Change& change) {
  const auto job = present_job(session, message.attempt);
  if (!job) return;
  change.disk.steps.push_back(
      [number = number_of(*job), message](SQLite::Database& database, std::vector<ServerEvent>& events) {
        const std::uint32_t attempt = value_of(message.attempt.attempt);
        append_curve(database, number, attempt, message.points);
        events.push_back({0,
                          "curve",
                          studies_of_job(database, number),
                          {{"type", "curve"},
                           {"key", message.attempt.key.str()},
                           {"attempt", attempt},
                           {"points", curve_points(message.points)}}});
      });
}

// Also of attempts that have just ended: their last words are the interesting ones. But only from whom had the attempt.
void Coordinator::Impl::on_log(const Session& session, const rpc::Log& message, Change& change) {
  const auto job = state_.find_job(scheduler::parse_key(message.attempt.key.str()));
  const std::uint32_t attempt = value_of(message.attempt.attempt);
  if (!job || attempt == 0 || attempt > state_.job(*job).attempt || message.lines.empty()) return;
  std::vector<rpc::LogLine> lines = message.lines;
  cut_long_lines(lines);
  change.disk.steps.push_back(
      [number = number_of(*job), attempt, lines = std::move(lines), key = message.attempt.key.str(),
       worker = session.worker,
       keep = options_.log_lines_per_attempt](SQLite::Database& database, std::vector<ServerEvent>& events) {
        if (!is_attempt_of(database, number, attempt, worker)) return;
        Json shown = append_log(database, number, attempt, lines, keep);
        events.push_back(
            {0, "log", studies_of_job(database, number), {{"type", "log"}, {"key", key}, {"lines", std::move(shown)}}});
      });
}

void Coordinator::Impl::on_checkpoint(const Session& session, const rpc::Checkpoint& message, Change& change) {
  const auto job = present_job(session, message.attempt);
  if (!job || !artifact_exists_(message.artifact.sha256)) return;
  change.disk.steps.push_back(
      [number = number_of(*job), message, now = utc_ms()](SQLite::Database& database, std::vector<ServerEvent>&) {
        save_checkpoint(database, number, message, now);
      });
}

}  // namespace checkerlab::coordinator
