#include "worker/agent/attempts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "schemas/validate.hpp"

namespace checkerlab::worker {
namespace {

// Throws Error when the spec does not follow the schema of its kind. Kinds without one are left to the runner, which
// refuses those that it does not know, and so are light jobs, for the sake of their number.
void check_spec(const Json& spec, bool light) {
  const auto& kinds = job_kinds();
  const bool has_schema = std::find(kinds.begin(), kinds.end(), spec.value("kind", "")) != kinds.end();
  if (has_schema && !light) validate_job_spec(spec);
}

}  // namespace

Attempt* Attempts::find(const AttemptId& id) {
  const auto found = attempts_.find(id);
  return found == attempts_.end() ? nullptr : &found->second;
}

void Attempts::assign(rpc::Assign assign) {
  for (auto& job : assign.jobs)
    begin(std::move(job));
  dispatch();
}

void Attempts::begin(rpc::Assignment job) {
  const auto id = to_id(job.attempt);
  if (attempts_.contains(id)) return;
  // Earlier attempts at the same job no longer count. They stand next to each other in the map.
  for (auto older = attempts_.lower_bound({id.key, AttemptNumber{0}});
       older != attempts_.end() && older->first.key == id.key; ++older) {
    stop(older->second, Attempt::Stop::cancelled);
  }
  auto& attempt = attempts_[id];
  attempt.id = id;
  attempt.job = std::move(job);
  attempt.light = !attempt.job.gang && is_light(attempt.job.spec);
  try {
    check_spec(attempt.job.spec, attempt.light);
  } catch (const Error& error) {
    return end(attempt, failed(id, Error(ErrorCode::invalid_data, error.what(), error.fix()), false));
  }
  fetch_inputs(attempt);
}

void Attempts::cancel(const AttemptId& id, const std::string& reason) {
  if (auto* attempt = find(id)) {
    spdlog::info("{} attempt {} is stopped: {}", id.key.str().substr(0, 12), value_of(id.number), reason);
    stop(*attempt, Attempt::Stop::cancelled);
  } else {
    services_.session.send(id, cancelled(id));
  }
}

void Attempts::stop(Attempt& attempt, Attempt::Stop why) {
  if (attempt.phase == Attempt::Phase::finished || attempt.stop == Attempt::Stop::cancelled) return;
  attempt.stop = why;
  if (attempt.phase == Attempt::Phase::running) {
    services_.runners.cancel(attempt.id);
  } else if (why == Attempt::Stop::cancelled) {
    end(attempt, cancelled(attempt.id));
  } else if (attempt.phase != Attempt::Phase::ending) {
    end(attempt, preempted(attempt.id));
  }
}

void Attempts::acknowledge(const rpc::Ack& ack) {
  for (const auto& one : ack.acks) {
    const auto id = to_id(one.attempt);
    auto* attempt = find(id);
    if (attempt == nullptr) continue;
    if (attempt->phase == Attempt::Phase::finished) {
      attempts_.erase(id);
    } else if (!one.accepted) {
      cancel(id, one.reason);
    }
  }
  on_change();
}

void Attempts::tell_again() {
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.phase == Attempt::Phase::running)
      services_.session.send(id, rpc::AttemptStarted{to_ref(id), attempt.ready_seconds});
    if (attempt.phase == Attempt::Phase::running && attempt.listening) services_.session.send(id, *attempt.listening);
    if (attempt.phase == Attempt::Phase::finished) services_.session.send(id, *attempt.last_word);
  }
}

void Attempts::dispatch() {
  while (!ready_.empty()) {
    const auto id = ready_.front();
    auto* attempt = find(id);
    if (attempt != nullptr && attempt->phase == Attempt::Phase::ready) {
      if (attempt->command.gang) attempt->command.gang->listen_host = gang_host();
      if (!services_.runners.try_run(attempt->command)) return;
      attempt->phase = Attempt::Phase::running;
      tell_rank_zero(*attempt);
      if (attempt->fetched_at) {
        const std::chrono::duration<double> ready = services_.clock.steady() - *attempt->fetched_at;
        attempt->ready_seconds = ready.count();
      }
      const rpc::AttemptStarted started{to_ref(id), attempt->ready_seconds};
      if (attempt->light) {
        services_.session.send_start_unless_over(id, started);
      } else {
        services_.session.send(id, started);
      }
    }
    ready_.pop_front();
  }
}

void Attempts::take_event(const Event& event) {
  auto& outbox = services_.session.outbox();
  std::visit(rpc::Overloaded{[](const ReadyEvent&) {}, [&](const ProgressEvent& progress) { outbox.add(progress); },
                             [&](const CurveEvent& curve) { outbox.add(curve); },
                             [&](const LogEvent& line) { log(line.id, line.level, line.text); },
                             [&](const CheckpointEvent& checkpoint) {
                               if (auto* attempt = find(checkpoint.id)) save_checkpoint(*attempt, checkpoint);
                             },
                             [&](const DoneEvent& done) { take_done(done); },
                             [&](const FailedEvent& failure) { take_failure(failure); },
                             [&](const GangListeningEvent& listening) { take_listening(listening); },
                             [&](const CancelledEvent& stopped) {
                               auto* attempt = find(stopped.id);
                               if (attempt == nullptr) return;
                               const bool given_back = attempt->stop == Attempt::Stop::preempted;
                               end(*attempt, given_back ? preempted(stopped.id) : cancelled(stopped.id));
                             }},
             event);
}

void Attempts::take_output(const AttemptId& id, const std::string& line) {
  log(id, "info", line);
}

void Attempts::log(const AttemptId& id, std::string_view level, std::string_view text) {
  if (auto* attempt = find(id)) attempt->tail.add(std::string(text));
  services_.session.outbox().add(id, {rfc3339(services_.clock.utc()), std::string(level), std::string(text)});
}

void Attempts::take_death(const RunnerDeath& death) {
  for (auto id = death.in_flight.rbegin(); id != death.in_flight.rend(); ++id) {
    auto* attempt = find(*id);
    if (attempt == nullptr) continue;
    const bool was_running = *id == death.in_flight.front();
    if (attempt->stop == Attempt::Stop::cancelled) {
      end(*attempt, cancelled(*id));
    } else if (attempt->stop == Attempt::Stop::preempted) {
      end(*attempt, preempted(*id));
    } else if (was_running) {
      end(*attempt, crashed(*id, death.status, death.complaint, attempt->tail));
    } else {
      attempt->phase = Attempt::Phase::ready;
      ready_.push_front(*id);
    }
  }
  dispatch();
}

void Attempts::preempt() {
  for (auto& [id, attempt] : attempts_)
    stop(attempt, Attempt::Stop::preempted);
  ready_.clear();
}

void Attempts::give_up() {
  for (auto& [id, attempt] : attempts_) {
    if (attempt.phase == Attempt::Phase::finished) continue;
    attempt.last_word = preempted(id);
    conclude(attempt);
  }
}

std::vector<rpc::AttemptRef> Attempts::held() const {
  std::vector<rpc::AttemptRef> held;
  for (const auto& entry : attempts_)
    held.push_back(to_ref(entry.first));
  return held;
}

std::vector<rpc::AttemptRef> Attempts::unfinished() const {
  std::vector<rpc::AttemptRef> unfinished;
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.phase != Attempt::Phase::finished) unfinished.push_back(to_ref(id));
  }
  return unfinished;
}

bool Attempts::all_finished() const {
  return std::all_of(attempts_.begin(), attempts_.end(),
                     [](const auto& entry) { return entry.second.phase == Attempt::Phase::finished; });
}

}  // namespace checkerlab::worker
