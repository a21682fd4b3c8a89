#include "coordinator/scheduler/ids.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

constexpr std::array<std::string_view, 6> kJobStates{"blocked",   "queued", "running",
                                                     "succeeded", "failed", "cancelled"};
constexpr std::array<std::string_view, 5> kStudyStates{"queued", "running", "succeeded", "failed", "cancelled"};

std::uint8_t nibble(char digit) {
  return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

template <class State, std::size_t N>
State state_from(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw Error(ErrorCode::invalid_data, "unknown state '" + std::string(name) + "'");
  return static_cast<State>(found - names.begin());
}

}  // namespace

Key parse_key(std::string_view hex) {
  if (!is_sha256_hex(hex)) {
    throw Error(ErrorCode::invalid_argument, "'" + std::string(hex.substr(0, 80)) + "' is no job key",
                "A key is 64 lower-case hex digits.");
  }
  Key key;
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
  }
  return key;
}

std::string to_hex(const Key& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * key.size());
  for (const std::uint8_t byte : key) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string_view to_string(JobState state) {
  return kJobStates.at(static_cast<std::size_t>(state));
}
std::string_view to_string(StudyState state) {
  return kStudyStates.at(static_cast<std::size_t>(state));
}
JobState job_state_from(std::string_view name) {
  return state_from<JobState>(kJobStates, name);
}
StudyState study_state_from(std::string_view name) {
  return state_from<StudyState>(kStudyStates, name);
}

}  // namespace checkerlab::coordinator::scheduler
