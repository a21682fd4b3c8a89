// Small names inside the scheduler: everything is an index into a table of State, so that millions of jobs fit in
// memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace checkerlab::coordinator::scheduler {

enum class JobIndex : std::uint32_t {};
enum class WorkerIndex : std::uint32_t {};
enum class StudyIndex : std::uint32_t {};
enum class KindIndex : std::uint16_t {};
enum class CodeIndex : std::uint32_t {};   // a code version of workers
enum class ShapeIndex : std::uint32_t {};  // what a job asks of a worker: its kind and its placement
enum class UserIndex : std::uint32_t {};

enum class QueueEnd { back, front };

inline constexpr WorkerIndex kNoWorker{0xffff'ffff};
inline constexpr CodeIndex kAnyCode{0xffff'ffff};

template <class Index>
constexpr std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

// A job's key: the 32 bytes of its SHA-256.
using Key = std::array<std::uint8_t, 32>;

// SHA-256 is uniform: its first bytes are a hash.
struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    std::size_t hash = 0;
    std::memcpy(&hash, key.data(), sizeof hash);
    return hash;
  }
};

// From 64 lower-case hex digits; throws Error(invalid_argument) for anything else.
Key parse_key(std::string_view hex);
std::string to_hex(const Key& key);

// Milliseconds on a clock that never goes back.
using Millis = std::int64_t;

inline constexpr Millis kNever = std::numeric_limits<Millis>::max();

enum class JobState : std::uint8_t {
  blocked,    // waits for inputs, or can never run because one of them failed
  queued,     // could run now
  running,    // assigned to a worker
  succeeded,  // its result is recorded; never left again
  failed,
  cancelled
};
enum class StudyState : std::uint8_t { queued, running, succeeded, failed, cancelled };

std::string_view to_string(JobState state);
std::string_view to_string(StudyState state);
// Throw Error(invalid_data) for an unknown name.
JobState job_state_from(std::string_view name);
StudyState study_state_from(std::string_view name);

}  // namespace checkerlab::coordinator::scheduler
