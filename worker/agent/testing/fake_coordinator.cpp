#include "worker/agent/testing/fake_coordinator.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "base/canonical_json.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"

namespace checkerlab::worker::testing {

class FakeLink final : public Link {
 public:
  FakeLink(FakeCoordinator& coordinator, std::shared_ptr<FakeCoordinator::Connection> connection)
      : coordinator_(coordinator), connection_(std::move(connection)) {}
  ~FakeLink() override { connection_->open = false; }

  void send(const rpc::WorkerMessage& message) override {
    if (connection_->open) coordinator_.hear(connection_, message);
  }
  std::string local_host() const override { return "127.0.0.1"; }
  void close() override {
    boost::asio::post(coordinator_.context_, [connection = connection_] {
      if (!std::exchange(connection->open, false)) return;
      rpc::Problem problem;
      problem.status = 1000;
      connection->callbacks.on_close(problem);
    });
  }

 private:
  FakeCoordinator& coordinator_;
  std::shared_ptr<FakeCoordinator::Connection> connection_;
};

class FakeSource final : public ArtifactSource {
 public:
  explicit FakeSource(FakeCoordinator& coordinator) : coordinator_(coordinator) {}

  void download(const std::string& sha256, std::uint64_t, const std::filesystem::path& destination) override {
    const std::lock_guard lock(coordinator_.mutex_);
    ++coordinator_.downloads_;
    const auto found = coordinator_.artifacts_.find(sha256);
    if (found == coordinator_.artifacts_.end()) throw Error(ErrorCode::not_found, "no artifact " + sha256);
    std::ofstream(destination, std::ios::binary) << found->second;
  }

  void upload(const std::string& sha256, const std::filesystem::path& file) override {
    auto bytes = SystemFiles().read(file);
    const std::lock_guard lock(coordinator_.mutex_);
    if (coordinator_.uploads_failing_) throw Error(ErrorCode::unavailable, "no connection");
    coordinator_.artifacts_[sha256] = std::move(bytes);
    coordinator_.changed_.notify_all();
  }

 private:
  FakeCoordinator& coordinator_;
};

LinkFactory FakeCoordinator::links() {
  return [this](LinkCallbacks callbacks) {
    auto connection = std::make_shared<Connection>();
    connection->callbacks = std::move(callbacks);
    begin(connection);
    return std::make_unique<FakeLink>(*this, connection);
  };
}

ArtifactSourceFactory FakeCoordinator::artifacts() {
  return [this](std::stop_token) { return std::make_unique<FakeSource>(*this); };
}

void FakeCoordinator::begin(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  rpc::Problem refusal;
  refusal.status = refusal_;
  refusal.detail = "refused";
  if (accepting_ && refusal_ == 0) connection_ = connection;
  boost::asio::post(context_, [connection, accepted = connection_ == connection, refusal] {
    if (!connection->open) return;
    if (accepted) return connection->callbacks.on_open();
    connection->open = false;
    connection->callbacks.on_close(refusal);
  });
}

void FakeCoordinator::hear(const std::shared_ptr<Connection>& connection, const rpc::WorkerMessage& message) {
  if (std::holds_alternative<rpc::Hello>(message)) post(connection, rpc::Welcome{"worker", 15, 0.05});
  const auto* finished = std::get_if<rpc::AttemptFinished>(&message);
  const std::lock_guard lock(mutex_);
  if (finished != nullptr && acknowledging_) post(connection, rpc::Ack{{{finished->attempt, true, ""}}});
  said_.push_back(message);
  changed_.notify_all();
}

void FakeCoordinator::post(const std::shared_ptr<Connection>& connection, const rpc::CoordinatorMessage& message) {
  boost::asio::post(context_, [connection, message] {
    if (connection->open) connection->callbacks.on_message(message);
  });
}

void FakeCoordinator::send(const rpc::CoordinatorMessage& message) {
  const std::lock_guard lock(mutex_);
  post(connection_, message);
}

void FakeCoordinator::acknowledge(const rpc::AttemptRef& attempt, bool accepted) {
  send(rpc::Ack{{{attempt, accepted, accepted ? "" : "stale attempt"}}});
}

void FakeCoordinator::disconnect() {
  const std::lock_guard lock(mutex_);
  boost::asio::post(context_, [connection = connection_] {
    if (!std::exchange(connection->open, false)) return;
    connection->callbacks.on_close(rpc::Problem{});
  });
}

std::string FakeCoordinator::store(const std::string& bytes) {
  auto sha256 = sha256_hex(bytes);
  change([&] { artifacts_[sha256] = bytes; });
  return sha256;
}

std::optional<std::string> FakeCoordinator::stored(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto found = artifacts_.find(sha256);
  return found == artifacts_.end() ? std::nullopt : std::optional(found->second);
}

int FakeCoordinator::downloads() {
  const std::lock_guard lock(mutex_);
  return downloads_;
}

std::vector<rpc::WorkerMessage> FakeCoordinator::wait_until(
    const std::function<bool(const std::vector<rpc::WorkerMessage>&)>& holds) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return holds(said_); })) {
    throw std::runtime_error("the agent did not say what was waited for");
  }
  return said_;
}

rpc::AttemptFinished FakeCoordinator::wait_finished(const rpc::AttemptRef& attempt) {
  std::optional<rpc::AttemptFinished> found;
  wait_until([&](const auto& said) {
    for (const auto& one : only<rpc::AttemptFinished>(said)) {
      if (one.attempt.key == attempt.key && one.attempt.attempt == attempt.attempt) found = one;
    }
    return found.has_value();
  });
  return *found;
}

rpc::Assignment noop(int index, const std::string& mode, int attempt, int steps) {
  rpc::Assignment job;
  job.spec = {{"kind", "noop"},
              {"recipe", 1},
              {"inputs", rpc::Json::object()},
              {"params", {{"index", index}, {"mode", mode}, {"steps", steps}}}};
  job.hints = rpc::Json::object();
  job.attempt = {JobKey(content_key(job.spec)), AttemptNumber(attempt)};
  return job;
}

}  // namespace checkerlab::worker::testing
