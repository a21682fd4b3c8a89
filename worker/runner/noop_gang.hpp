// A noop that several workers do: they meet as the ranks of a training do, rank 0 does what is asked for, the others
// stay until it is done. Not thread-safe.
#pragma once

#include <vector>

#include "worker/runner/gang.hpp"

namespace checkerlab::worker {

class NoopGang {
 public:
  // Meets the others; at once where the command has no gang.
  NoopGang(const RunCommand& command, JobContext& context);

  bool leads() const { return rank_ == 0; }

  // Throws Error: unavailable when a rank is gone, cancelled.
  void check() const;
  // Rank 0: waits until it is cancelled or a rank is gone, and throws that.
  [[noreturn]] void hang() const;
  // Rank 0: lets the others go.
  void finish() const;
  // Another rank: returns when rank 0 has finished. Throws as check() does.
  void follow() const;

 private:
  bool heard(int timeout_milliseconds) const;

  JobContext& context_;
  int rank_ = 0;
  std::vector<Descriptor> others_;
};

}  // namespace checkerlab::worker
