#include "worker/runner/run_attempt.hpp"

#include <new>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {
namespace {

bool is_of_others(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::timeout;
}

FailedEvent failure(const AttemptId& id, const Error& error) {
  // What another machine, or a later moment, may do better. Everything else fails again in the same way.
  return {id, std::string(to_string(error.code())), error.what(), error.fix(), is_of_others(error.code())};
}

// Who a rank waits for are the other ranks. When one is stopped all stop; only those that were asked to say cancelled.
Event end_of_rank(const Work& work, const Error& error) {
  if (work.context->cancelled()) return CancelledEvent{work.command.id};
  auto event = failure(work.command.id, error);
  if (!is_of_others(error.code()) && error.code() != ErrorCode::cancelled) return event;
  event.code = kRankGone;
  event.retryable = true;
  return event;
}

Event done(const Work& work, const JobRegistry& registry, WarmCache& warm) {
  const auto& kind = work.command.spec.at("kind").get_ref<const std::string&>();
  work.context->throw_if_cancelled();
  auto output = registry.find(kind).run(work.command, *work.context, warm);
  return DoneEvent{work.command.id, std::move(output.metrics), std::move(output.artifacts), std::move(output.identity)};
}

}  // namespace

AttemptEnd run_attempt(const Work& work, const JobRegistry& registry, WarmCache& warm) {
  const auto& id = work.command.id;
  try {
    return {done(work, registry, warm)};
  } catch (const Error& error) {
    if (work.command.gang) return {end_of_rank(work, error)};
    if (error.code() == ErrorCode::cancelled) return {CancelledEvent{id}};
    return {failure(id, error)};
  } catch (const Json::exception& error) {
    return {FailedEvent{id, "invalid_data", "the job's specification is broken: " + std::string(error.what()),
                        "use a worker of the coordinator's version", false}};
  } catch (const std::bad_alloc&) {
    warm.clear();
    return {FailedEvent{id, "out_of_memory", "the worker's memory is exhausted",
                        "use a smaller batch, or a machine with more memory", false}};
  } catch (const std::exception& error) {
    return {FailedEvent{id, "internal", "unexpected failure: " + std::string(error.what()),
                        "see the job's log; it is tried again in a fresh process", true},
            false};
  } catch (...) {
    return {FailedEvent{id, "internal", "unexpected failure of unknown type", "see the job's log", true}, false};
  }
}

}  // namespace checkerlab::worker
