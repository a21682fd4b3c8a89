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
void Coordinator::cancel_study(const std::string& id_or_name, Done<std::string> done) {
  impl_->cancel(id_or_name, std::move(done));
}
void Coordinator::revise_study(const std::string& id_or_name, StudySubmission submission,
                               std::optional<std::int64_t> based_on, Done<ReviseOutcome> done) {
  impl_->revise_study(id_or_name, std::move(submission), based_on, std::move(done));
}
void Coordinator::rerun_jobs(const std::string& id_or_name, RerunRequest request, Done<RerunOutcome> done) {
  impl_->rerun(id_or_name, request, std::move(done));
}
void Coordinator::pause_study(const std::string& id_or_name, PauseRequest request, Done<PauseOutcome> done) {
  impl_->pause(id_or_name, request, std::move(done));
}
void Coordinator::archive_study(const std::string& id_or_name, bool archived, Done<std::string> done) {
  impl_->archive(id_or_name, archived, std::move(done));
}
void Coordinator::order_study(const std::string& id_or_name, OrderChange change, Done<std::string> done) {
  impl_->order(id_or_name, change, std::move(done));
}
nlohmann::json Coordinator::why(const std::string& key) const {
  return impl_->why(key);
}
SessionId Coordinator::session_opened(std::shared_ptr<WorkerLink> link, WorkerCredential credential) {
  return impl_->open(std::move(link), std::move(credential));
}
std::vector<std::int64_t> Coordinator::held_jobs(const std::string& token) const {
  return impl_->held_jobs(token);
}
void Coordinator::session_messages(SessionId session, std::span<const rpc::WorkerMessage> messages) {
  impl_->receive(session, messages);
}
void Coordinator::session_closed(SessionId session) {
  impl_->close(session);
}
void Coordinator::drain_worker(const std::string& id_or_name, Done<std::vector<std::string>> done) {
  impl_->drain(id_or_name, std::move(done));
}
void Coordinator::cordon_worker(const std::string& id_or_name, bool cordoned, Done<std::vector<std::string>> done) {
  impl_->cordon(id_or_name, cordoned, std::move(done));
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
std::vector<Coordinator::KindCensus> Coordinator::census() const {
  return impl_->census();
}
bool Coordinator::loaded() const {
  return impl_->loaded();
}
const ServiceMetrics& Coordinator::metrics() const {
  return impl_->metrics();
}

}  // namespace checkerlab::coordinator
