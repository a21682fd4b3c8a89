// Removes from a data directory what nothing needs: superseded checkpoints, artifacts that no result names, files that
// were only needed while something was written. Never: artifacts of results, the last checkpoint of a job that has not
// succeeded, what a running attempt may have sent and not reported yet, files that are no artifacts.
//
// Removing needs the data directory for itself: while a coordinator runs on it, it is refused, since a worker may just
// then be told that an artifact is there already. Looking only works at any time. Attempts go on while the coordinator
// is away, so a stop for the length of a gc costs no work. Blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace checkerlab::coordinator {

struct GcOptions {
  std::filesystem::path data;
  bool remove = false;                 // else it only tells
  std::chrono::hours keep_recent{24};  // files that nothing refers to and that are younger stay; of superseded
                                       // checkpoints it is known that they are not needed, whatever their age
};

struct Garbage {
  std::filesystem::path path;
  std::string why;  // "superseded checkpoint", "nothing refers to it", "unfinished file"
  std::uint64_t bytes = 0;
};

struct GcReport {
  std::vector<Garbage> garbage;
  std::size_t rows = 0;          // of artifacts that no job has
  std::size_t kept_for_now = 0;  // files without a row that may still be needed
  bool removed = false;

  std::uint64_t bytes() const;
  nlohmann::json to_json() const;
  std::string to_text() const;
};

// Throws Error: not_found when there is no database, conflict when something is to be removed and a coordinator runs or
// a backup is being made, invalid_data when the database is damaged (then nothing is touched).
GcReport collect_garbage(const GcOptions& options, const Clock& clock);

}  // namespace checkerlab::coordinator
