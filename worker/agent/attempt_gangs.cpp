// What is special about attempts that several workers do together.
#include "worker/agent/attempts.hpp"

namespace checkerlab::worker {

const std::string& Attempts::gang_host() const {
  return services_.gang_host.empty() ? services_.session.local_host() : services_.gang_host;
}

void Attempts::take_listening(const GangListeningEvent& event) {
  auto* attempt = find(event.id);
  if (attempt == nullptr || attempt->phase != Attempt::Phase::running) return;
  attempt->listening = rpc::GangListening{.attempt = to_ref(event.id), .host = event.host, .port = event.port};
  services_.session.send(event.id, *attempt->listening);
}

// It may come before the attempt runs; then it is kept.
void Attempts::take_address(const rpc::GangAddress& address) {
  auto* attempt = find(to_id(address.attempt));
  if (attempt == nullptr) return;
  attempt->rank_zero = address;
  if (attempt->phase == Attempt::Phase::running) tell_rank_zero(*attempt);
}

void Attempts::tell_rank_zero(const Attempt& attempt) {
  if (!attempt.rank_zero) return;
  services_.runners.tell({attempt.id, attempt.rank_zero->host, attempt.rank_zero->port});
}

void Attempts::take_failure(const FailedEvent& event) {
  auto* attempt = find(event.id);
  if (attempt == nullptr) return;
  auto last_word = failed(event, attempt->tail);
  if (event.code != kRankGone) return end(*attempt, std::move(last_word));
  // The runner is free again; the attempt is over when the coordinator cancels it, or else after the grace.
  attempt->phase = Attempt::Phase::ending;
  later(services_.gang_grace, [this, id = event.id, last_word] {
    auto* alive = find(id);
    if (alive != nullptr && alive->phase == Attempt::Phase::ending) end(*alive, last_word);
  });
}

}  // namespace checkerlab::worker
