#include "coordinator/service/coordinator.hpp"

#include <utility>

#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {

Coordinator::Coordinator(Store& store, const Clock& clock, Post post, ArtifactExists artifact_exists, EventSink sink,
                         CoordinatorOptions options)
    : impl_(std::make_shared<Impl>(store, clock, std::move(post), std::move(artifact_exists), std::move(sink),
                                   options)) {}

Coordinator::~Coordinator() {
  impl_->store().flush();
}

void Coordinator::load() {
  impl_->load();
}
void Coordinator::submit_study(StudySubmission submission, Done<SubmitOutcome> done) {
  impl_->submit(std::move(submission), std::move(done));
}
void Coordinator::submit_noop_study(const std::string& name, std::int64_t count, const std::string& mode,
                                    Done<SubmitOutcome> done) {
  impl_->submit_noop(name, count, mode, std::move(done));
}
void Coordinator::cancel_study(const std::string& id_or_name, Done<std::string> done) {
  impl_->cancel(id_or_name, std::move(done));
}
SessionId Coordinator::session_opened(std::shared_ptr<WorkerLink> link) {
  return impl_->open(std::move(link));
}
void Coordinator::session_messages(SessionId session, std::span<const rpc::WorkerMessage> messages) {
  impl_->receive(session, messages);
}
void Coordinator::session_closed(SessionId session) {
  impl_->close(session);
}
void Coordinator::drain_worker(const std::string& worker_id) {
  impl_->drain(worker_id);
}
void Coordinator::tick() {
  impl_->tick();
}
void Coordinator::shutdown(std::function<void()> done) {
  impl_->shutdown(std::move(done));
}
Coordinator::Gauges Coordinator::gauges() const {
  return impl_->gauges();
}
const scheduler::State* Coordinator::state() const {
  return impl_->state();
}

}  // namespace checkerlab::coordinator
