#include "coordinator/app/testing/running_coordinator.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr EmbeddedFile kPage[] = {{"index.html", "<!doctype html><title>page</title>"}, {"assets/app-1.js", "let x;"}};

}  // namespace

RunningCoordinator::RunningCoordinator(Files* files) : files_(files == nullptr ? system_files_ : *files) {
  start();
}
RunningCoordinator::~RunningCoordinator() {
  stop();
}

void RunningCoordinator::start() {
  Options options;
  options.data = folder_.path();
  options.port = 0;
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
  return rpc::parse_endpoint(application_->url(), application_->token());
}

}  // namespace checkerlab::coordinator
