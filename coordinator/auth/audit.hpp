// Who did what: an entry for every request that changes something, asks in SQL, or was refused for want of a role.
//
// An entry is queued for the disk before what it tells of is, so that no acknowledged change lacks one; its outcome
// follows. Both are written in passing: no answer waits for a commit of theirs. Confined to the server's thread.
// Entries older than `keep` are dropped once an hour.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "coordinator/http/request.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {

class Audit {
 public:
  // `store` and `clock` outlive this object.
  Audit(Store& store, const Clock& clock, std::chrono::hours keep);

  // Gives the entry's number, for end().
  std::int64_t begin(const Request& request, const std::string& route);
  // `named`: what the answer names (a study's id), or empty.
  void end(std::int64_t entry, const Request& request, unsigned status, const std::string& named = {});
  // Both at once.
  void refused(const Request& request, const std::string& route, unsigned status);
  // About once a second.
  void tick();

 private:
  Store& store_;
  const Clock& clock_;
  const std::chrono::milliseconds keep_;
  std::int64_t last_ = 0;
  UtcTime forget_at_{};
};

}  // namespace checkerlab::coordinator
