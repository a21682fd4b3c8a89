// Progress, curve points and log lines on their way to the coordinator: gathered between two sendings, the latest
// progress of an attempt replacing the one before, and bounded while there is no connection. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rpc/messages.hpp"
#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {

// The same attempt in the words of either protocol.
rpc::AttemptRef to_ref(const AttemptId& id);
AttemptId to_id(const rpc::AttemptRef& ref);

class Outbox {
 public:
  static constexpr std::size_t kMostLines = 1000;    // kept an attempt; the oldest go first, and it is said how many
  static constexpr std::size_t kMostPoints = 20000;  // kept an attempt; the oldest go first

  void add(const ProgressEvent& event);
  void add(const CurveEvent& event);
  void add(const AttemptId& id, rpc::LogLine line);

  // What has gathered about one attempt, or about all; it is forgotten here.
  std::vector<rpc::WorkerMessage> take(const AttemptId& id);
  std::vector<rpc::WorkerMessage> take_all();

  bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    std::optional<rpc::Progress> progress;
    std::deque<rpc::CurvePoint> points;
    std::deque<rpc::LogLine> lines;
    std::size_t lines_left_out = 0;
  };
  static void append(const AttemptId& id, Entry entry, std::vector<rpc::WorkerMessage>& messages);

  std::map<AttemptId, Entry> entries_;
};

}  // namespace checkerlab::worker
