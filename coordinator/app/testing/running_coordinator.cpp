#include "coordinator/app/testing/running_coordinator.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr EmbeddedFile kPage[] = {{"index.html", "<!doctype html><title>page</title>"}, {"assets/app-1.js", "let x;"}};

}  // namespace

RunningCoordinator::RunningCoordinator(Files* files, std::function<void(Options&)> change)
    : files_(files == nullptr ? system_files_ : *files), change_(std::move(change)) {
  start();
}
RunningCoordinator::~RunningCoordinator() {
  stop();
}

void RunningCoordinator::start() {
  Options options;
  options.data = folder_.path();
  options.port = 0;
  if (change_) change_(options);
  directory_ = std::make_unique<DataDirectory>(options.data);
  application_ = std::make_unique<Application>(options, *directory_, clock_, files_, kPage);
  thread_ = std::jthread([this] { application_->run(false); });
}

void RunningCoordinator::stop() {
  if (!application_) return;
  application_->stop();
  thread_.join();
  application_.reset();
  directory_.reset();
}

void RunningCoordinator::restart() {
  stop();
  start();
}

rpc::Endpoint RunningCoordinator::endpoint() const {
  return rpc::endpoint_of(rpc::read_coordinator_file(data()).value(), application_->token());
}

rpc::Endpoint RunningCoordinator::endpoint_with(const std::string& token) const {
  auto other = endpoint();
  other.token = token;
  return other;
}

std::string RunningCoordinator::issue(const std::string& role, const nlohmann::json& more) const {
  nlohmann::json wanted{{"user", "user of " + role}, {"role", role}};
  wanted.update(more);
  return client().post("/api/v1/tokens", wanted).at("token").get<std::string>();
}

}  // namespace checkerlab::coordinator
