#include "coordinator/scheduler/scheduler.hpp"

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/dispatch.hpp"
#include "coordinator/scheduler/quarantine.hpp"
#include "coordinator/scheduler/restore.hpp"
#include "coordinator/scheduler/revision.hpp"
#include "coordinator/scheduler/submission.hpp"
#include "coordinator/scheduler/workers.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

struct Handler {
  State& state;
  Effects& effects;

  void operator()(const JobsSubmitted& event) const { on_jobs_submitted(state, event, effects); }
  void operator()(const StudyRevised& event) const { on_study_revised(state, event, effects); }
  void operator()(const JobsRerun& event) const { on_jobs_rerun(state, event, effects); }
  void operator()(const StudyPaused& event) const { on_study_paused(state, event, effects); }
  void operator()(const StudyCancelled& event) const { on_study_cancelled(state, event, effects); }
  void operator()(const WorkerConnected& event) const { on_worker_connected(state, event, effects); }
  void operator()(const WorkerDisconnected& event) const { on_worker_disconnected(state, event, effects); }
  void operator()(const WorkerDraining& event) const { on_worker_draining(state, event, effects); }
  void operator()(const Cordoned& event) const { on_cordoned(state, event, effects); }
  void operator()(const StudyReordered& event) const { on_study_reordered(state, event); }
  void operator()(const Heartbeat& event) const { on_heartbeat(state, event, effects); }
  void operator()(const AttemptStarted& event) const { on_attempt_started(state, event, effects); }
  void operator()(const AttemptFinished& event) const { on_attempt_finished(state, event, effects); }
  void operator()(const ResultRecorded& event) const { on_result_recorded(state, event, effects); }
  void operator()(const Tick& event) const { on_tick(state, event, effects); }
  void operator()(const Paused& event) const { state.paused = event.paused; }
  void operator()(const Restored& event) const { on_restored(state, event, effects); }
};

}  // namespace

void on_event(State& state, const Event& event, Effects& effects) {
  std::visit(Handler{state, effects}, event);
  dispatch(state, effects);
}

}  // namespace checkerlab::coordinator::scheduler
