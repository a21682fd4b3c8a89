// Fetching what an attempt needs before it can run.
#include <utility>

#include "worker/agent/attempts.hpp"

namespace checkerlab::worker {
namespace {

// Fetched anew, these may come out better.
bool worth_another_attempt(ErrorCode code) {
  return code == ErrorCode::invalid_data || code == ErrorCode::timeout || code == ErrorCode::io_error;
}

std::map<std::string, std::uint64_t> needed(const rpc::Assignment& job) {
  std::map<std::string, std::uint64_t> bytes_by_hash;
  for (const auto& [role, input] : job.inputs) {
    for (const auto& [name, blob] : input.artifacts)
      bytes_by_hash[blob.sha256] = blob.bytes;
  }
  if (job.checkpoint) bytes_by_hash[job.checkpoint->sha256] = job.checkpoint->bytes;
  return bytes_by_hash;
}

}  // namespace

void Attempts::fetch_inputs(Attempt& attempt) {
  const auto wanted = needed(attempt.job);
  attempt.fetches_left = wanted.size();
  if (wanted.empty()) return fetched(attempt);
  for (const auto& [sha256, bytes] : wanted)
    fetch(attempt.id, sha256, bytes);
}

void Attempts::fetch(const AttemptId& id, const std::string& sha256, std::uint64_t bytes) {
  const auto pin = std::make_shared<ArtifactCache::PinPtr>();
  auto& cache = services_.cache;
  services_.transfers.run(
      [&cache, pin, sha256, bytes](ArtifactSource& source) { *pin = cache.fetch(sha256, bytes, source); },
      [this, pin, id, sha256, bytes](const std::exception_ptr& failure) {
        auto* attempt = find(id);
        if (attempt == nullptr || attempt->phase != Attempt::Phase::fetching) return;
        try {
          if (failure) std::rethrow_exception(failure);
        } catch (const Error& error) {
          return fetch_failed(id, sha256, bytes, error);
        } catch (const std::exception& error) {
          return end(*attempt, failed(id, Error(ErrorCode::io_error, error.what()), true));
        }
        attempt->pins[sha256] = *pin;
        if (--attempt->fetches_left == 0) fetched(*attempt);
      });
}

void Attempts::fetch_failed(const AttemptId& id, const std::string& sha256, std::uint64_t bytes, const Error& error) {
  auto& attempt = *find(id);
  if (error.code() == ErrorCode::unavailable) return later([this, id, sha256, bytes] { fetch(id, sha256, bytes); });
  if (attempt.job.checkpoint && attempt.job.checkpoint->sha256 == sha256) {
    log(id, "warning", "the checkpoint cannot be used, the job starts from its beginning: " + error.full_text());
    attempt.job.checkpoint.reset();
    if (--attempt.fetches_left == 0) fetched(attempt);
    return;
  }
  end(attempt, failed(id, error, worth_another_attempt(error.code())));
}

void Attempts::fetched(Attempt& attempt) {
  if (!attempt.light) {
    const auto name = attempt.id.key.str().substr(0, 16) + "-" + std::to_string(value_of(attempt.id.number));
    attempt.scratch = services_.scratch_root / name;
    std::error_code failure;
    std::filesystem::remove_all(attempt.scratch, failure);
    std::filesystem::create_directories(attempt.scratch, failure);
    if (failure) {
      return end(attempt, failed(attempt.id, errno_error(failure.value(), "make " + attempt.scratch.string()), false));
    }
  }
  if (!attempt.pins.empty()) attempt.fetched_at = services_.clock.steady();
  attempt.command = make_command(attempt, services_.device);
  attempt.phase = Attempt::Phase::ready;
  ready_.push_back(attempt.id);
  dispatch();
}

void Attempts::later(std::chrono::milliseconds pause, std::function<void()> action) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(services_.context, pause);
  timer->async_wait([timer, action = std::move(action)](auto error) {
    if (!error) action();
  });
}

}  // namespace checkerlab::worker
