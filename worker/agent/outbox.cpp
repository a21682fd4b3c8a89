#include "worker/agent/outbox.hpp"

#include <utility>

namespace checkerlab::worker {

rpc::AttemptRef to_ref(const AttemptId& id) {
  return {id.key, id.number};
}

AttemptId to_id(const rpc::AttemptRef& ref) {
  return {ref.key, ref.attempt};
}

void Outbox::add(const ProgressEvent& event) {
  entries_[event.id].progress = rpc::Progress{to_ref(event.id), event.done, event.total, event.unit, event.message};
}

void Outbox::add(const CurveEvent& event) {
  auto& points = entries_[event.id].points;
  for (const auto& point : event.points)
    points.push_back({point.series, point.step, point.value});
  while (points.size() > kMostPoints)
    points.pop_front();
}

void Outbox::add(const AttemptId& id, rpc::LogLine line) {
  auto& entry = entries_[id];
  entry.lines.push_back(std::move(line));
  if (entry.lines.size() <= kMostLines) return;
  entry.lines.pop_front();
  ++entry.lines_left_out;
}

std::vector<rpc::WorkerMessage> Outbox::take(const AttemptId& id) {
  std::vector<rpc::WorkerMessage> messages;
  if (auto entry = entries_.extract(id)) append(id, std::move(entry.mapped()), messages);
  return messages;
}

std::vector<rpc::WorkerMessage> Outbox::take_all() {
  std::vector<rpc::WorkerMessage> messages;
  for (auto& [id, entry] : std::exchange(entries_, {}))
    append(id, std::move(entry), messages);
  return messages;
}

void Outbox::append(const AttemptId& id, Entry entry, std::vector<rpc::WorkerMessage>& messages) {
  if (entry.progress) messages.emplace_back(*entry.progress);
  if (!entry.points.empty()) messages.emplace_back(rpc::Curve{to_ref(id), {entry.points.begin(), entry.points.end()}});
  if (entry.lines.empty()) return;
  rpc::Log log{to_ref(id), {}};
  if (entry.lines_left_out > 0) {
    log.lines.push_back(
        {entry.lines.front().time, "warning", std::to_string(entry.lines_left_out) + " lines left out"});
  }
  log.lines.insert(log.lines.end(), entry.lines.begin(), entry.lines.end());
  messages.emplace_back(std::move(log));
}

}  // namespace checkerlab::worker
