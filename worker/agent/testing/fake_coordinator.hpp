// A coordinator inside the test's process: the other end of the agent's link and artifact source, without sockets. The
// test gives orders from its own thread and waits for what the agent says.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "worker/agent/artifact_source.hpp"
#include "worker/agent/link.hpp"

namespace checkerlab::worker::testing {

class FakeCoordinator {
 public:
  explicit FakeCoordinator(boost::asio::io_context& context) : context_(context) {}

  // Given to the agent.
  LinkFactory links();
  ArtifactSourceFactory artifacts();

  // Orders. All are sent over the present connection.
  void send(const rpc::CoordinatorMessage& message);
  void assign(const std::vector<rpc::Assignment>& jobs) { send(rpc::Assign{jobs}); }
  void cancel(const rpc::AttemptRef& attempt) { send(rpc::Cancel{attempt, "asked to"}); }
  void acknowledge(const rpc::AttemptRef& attempt, bool accepted = true);
  void disconnect();

  // Behaviour.
  void set_acknowledging(bool on) {
    change([&] { acknowledging_ = on; });
  }  // ack every finished attempt
  void set_accepting(bool on) {
    change([&] { accepting_ = on; });
  }  // let the agent connect
  void set_refusal(int status) {
    change([&] { refusal_ = status; });
  }                                             // answer connects with this HTTP status
  std::string store(const std::string& bytes);  // puts an artifact up; answers its hash
  void corrupt(const std::string& sha256) {
    change([&] { artifacts_[sha256] += "!"; });
  }
  std::optional<std::string> stored(const std::string& sha256);
  int downloads();
  void set_uploads_failing(bool on) {
    change([&] { uploads_failing_ = on; });
  }

  // Waits for messages. Fail the test by throwing after a generous time.
  std::vector<rpc::WorkerMessage> wait_until(const std::function<bool(const std::vector<rpc::WorkerMessage>&)>& holds);
  template <class Message>
  std::vector<Message> wait_for(std::size_t count);
  rpc::AttemptFinished wait_finished(const rpc::AttemptRef& attempt);
  void forget() {
    change([&] { said_.clear(); });
  }

 private:
  friend class FakeLink;
  friend class FakeSource;
  struct Connection {
    LinkCallbacks callbacks;
    bool open = true;
  };

  template <class Action>
  void change(Action&& action) {
    const std::lock_guard lock(mutex_);
    action();
    changed_.notify_all();
  }
  void hear(const std::shared_ptr<Connection>& connection, const rpc::WorkerMessage& message);
  void post(const std::shared_ptr<Connection>& connection, const rpc::CoordinatorMessage& message);
  void begin(const std::shared_ptr<Connection>& connection);

  boost::asio::io_context& context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Connection> connection_;
  std::vector<rpc::WorkerMessage> said_;
  std::map<std::string, std::string> artifacts_;
  bool acknowledging_ = true;
  bool accepting_ = true;
  bool uploads_failing_ = false;
  int refusal_ = 0;
  int downloads_ = 0;
};

template <class Message>
std::vector<Message> only(const std::vector<rpc::WorkerMessage>& messages) {
  std::vector<Message> found;
  for (const auto& message : messages) {
    if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
  }
  return found;
}

template <class Message>
std::vector<Message> FakeCoordinator::wait_for(std::size_t count) {
  return only<Message>(wait_until([&](const auto& said) { return only<Message>(said).size() >= count; }));
}

// A noop job of the given mode. Keys differ by index.
rpc::Assignment noop(int index, const std::string& mode, int attempt = 1, int steps = 3);

}  // namespace checkerlab::worker::testing
