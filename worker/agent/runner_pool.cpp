#include "worker/agent/runner_pool.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::size_t kLightDepth = 128;  // light attempts in one pipe

// The attempt that is over with this event, nullptr when none is.
const AttemptId* ended_attempt(const Event& event) {
  if (const auto* done = std::get_if<DoneEvent>(&event)) return &done->id;
  if (const auto* failed = std::get_if<FailedEvent>(&event)) return &failed->id;
  if (const auto* cancelled = std::get_if<CancelledEvent>(&event)) return &cancelled->id;
  return nullptr;
}

}  // namespace

RunnerPool::RunnerPool(boost::asio::io_context& context, PoolOptions options, PoolCallbacks callbacks)
    : context_(context), options_(std::move(options)), callbacks_(std::move(callbacks)) {
  for (int i = 0; i < options_.slots; ++i) {
    slots_.push_back(std::make_unique<Slot>(
        Slot{nullptr, {}, false, Backoff(options_.restart), boost::asio::steady_timer(context_)}));
    start(*slots_.back());
  }
}

void RunnerPool::start(Slot& slot) {
  RunnerCallbacks callbacks;
  callbacks.on_event = [this, &slot](const Event& event) { take_event(slot, event); };
  callbacks.on_output = [this, &slot](const std::string& line) {
    callbacks_.on_output(slot.in_flight.empty() ? nullptr : &slot.in_flight.front(), line);
  };
  callbacks.on_exit = [this, &slot](const ExitStatus& status, const std::string& complaint) {
    take_exit(slot, status, complaint);
  };
  slot.process = std::make_unique<RunnerProcess>(context_, options_.command, std::move(callbacks));
}

void RunnerPool::start_later(Slot& slot) {
  slot.restart_timer.expires_after(slot.restart.next());
  slot.restart_timer.async_wait([this, &slot](auto error) {
    if (error) return;
    try {
      start(slot);
      callbacks_.on_free();
    } catch (const Error& failure) {
      spdlog::error("the runner cannot be started: {}", failure.full_text());
      start_later(slot);
    }
  });
}

bool RunnerPool::try_run(const RunCommand& command) {
  const bool light = is_light(command);
  auto* slot = choose(light);
  if (slot == nullptr) return false;
  slot->in_flight.push_back(command.id);
  slot->heavy = !light;
  slot->process->send(command);
  return true;
}

void RunnerPool::cancel(const AttemptId& id) {
  auto* slot = slot_of(id);
  if (slot == nullptr || graces_.contains(id)) return;
  slot->process->send(CancelCommand{id});
  auto timer = std::make_unique<boost::asio::steady_timer>(context_, options_.cancel_grace);
  timer->async_wait([this, id](auto error) {
    if (error) return;
    graces_.erase(id);
    if (auto* late = slot_of(id)) late->process->kill();
  });
  graces_[id] = std::move(timer);
}

void RunnerPool::tell(const GangAddressCommand& rank_zero) {
  if (auto* slot = slot_of(rank_zero.id)) slot->process->send(rank_zero);
}

std::vector<int> RunnerPool::pids() const {
  std::vector<int> pids;
  for (const auto& slot : slots_) {
    if (slot->process) pids.push_back(slot->process->pid());
  }
  return pids;
}

void RunnerPool::take_event(Slot& slot, const Event& event) {
  if (std::holds_alternative<ReadyEvent>(event)) {
    slot.restart.reset();
    return;
  }
  const auto* ended = ended_attempt(event);
  if (ended != nullptr) finish(slot, *ended);
  callbacks_.on_event(event);
  if (ended != nullptr) callbacks_.on_free();
}

void RunnerPool::finish(Slot& slot, const AttemptId& id) {
  const auto found = std::find(slot.in_flight.begin(), slot.in_flight.end(), id);
  if (found != slot.in_flight.end()) slot.in_flight.erase(found);
  graces_.erase(id);
}

void RunnerPool::take_exit(Slot& slot, const ExitStatus& status, const std::string& complaint) {
  RunnerDeath death{status, complaint, {slot.in_flight.begin(), slot.in_flight.end()}};
  for (const auto& id : death.in_flight)
    graces_.erase(id);
  slot.in_flight.clear();
  // The callback runs inside the process's own; it goes when that has returned.
  boost::asio::post(context_, [old = std::shared_ptr<RunnerProcess>(std::move(slot.process))] {});
  start_later(slot);
  callbacks_.on_death(death);
}

// Light attempts go to the fullest pipe that has room: a process that is awake takes the next one for next to nothing.
RunnerPool::Slot* RunnerPool::choose(bool light) {
  Slot* best = nullptr;
  for (const auto& slot : slots_) {
    if (!slot->process) continue;
    const bool takes = slot->in_flight.empty() || (light && !slot->heavy && slot->in_flight.size() < kLightDepth);
    if (takes && (best == nullptr || slot->in_flight.size() > best->in_flight.size())) best = slot.get();
  }
  return best;
}

RunnerPool::Slot* RunnerPool::slot_of(const AttemptId& id) {
  for (const auto& slot : slots_) {
    if (!slot->process) continue;
    if (std::find(slot->in_flight.begin(), slot->in_flight.end(), id) != slot->in_flight.end()) return slot.get();
  }
  return nullptr;
}

}  // namespace checkerlab::worker
