// Turns what the scheduler wants into rows, events and messages of a Change. Internal to the service.
#pragma once

#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {

struct Coordinator::Impl::EffectWriter {
  Impl& impl;
  Change& change;
  const Report& report;
  std::int64_t now;

  void operator()(const scheduler::Assign& effect) const;
  void operator()(const scheduler::CancelAttempt& effect) const;
  void operator()(const scheduler::JobChanged& effect) const;
  void operator()(const scheduler::JobDoomed& effect) const;
  void operator()(const scheduler::JobRevived& effect) const;
  void operator()(const scheduler::AttemptBegan& effect) const;
  void operator()(const scheduler::AttemptEnded& effect) const;
  void operator()(const scheduler::Decision& effect) const;
  void operator()(const scheduler::StudyChanged& effect) const;
  void operator()(const scheduler::WorkerChanged& effect) const;
  void operator()(const scheduler::WorkerSilent& effect) const;
  void operator()(const scheduler::JobRests& effect) const;
  void operator()(const scheduler::RankDone& effect) const;

 private:
  template <class Rows>
  void step(Rows&& rows) const {
    change.disk.steps.push_back(
        [rows = std::forward<Rows>(rows)](SQLite::Database& database, std::vector<ServerEvent>&) { rows(database); });
  }
  void tell_job(scheduler::JobIndex job) const;
  void count_in_stages(const scheduler::JobChanged& effect) const;
  std::optional<rpc::GangSeat> seat_of(const scheduler::Assign& effect) const;
  void forget_gang(const scheduler::AttemptEnded& effect) const;
  void tell_pinned_studies() const;
  Json time_limit_error(scheduler::JobIndex job) const;
  Json error_of(const scheduler::AttemptEnded& effect) const;
  const std::string& worker_id(scheduler::WorkerIndex worker) const { return impl.state_.worker(worker).id; }
};

}  // namespace checkerlab::coordinator
