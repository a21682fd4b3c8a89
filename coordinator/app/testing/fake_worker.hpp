// A worker without a runner: speaks the protocol through the real WebSocketClient and does what the test says.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "rpc/messages.hpp"
#include "rpc/websocket_client.hpp"

namespace checkerlab::coordinator {

class FakeWorker {
 public:
  explicit FakeWorker(const rpc::Endpoint& endpoint);
  ~FakeWorker();

  void send(const rpc::WorkerMessage& message) { client_.send(rpc::encode_text(message)); }
  void send_raw(const rpc::Json& message) { client_.send(message.dump()); }
  void say_hello(const std::string& name, int slots = 4);

  // Takes the next message of this type; others stay for later. Error(timeout) when none comes within ten seconds.
  template <class Message>
  Message next() {
    return std::get<Message>(take([](const auto& message) { return std::holds_alternative<Message>(message); }));
  }
  // Waits for the end of the connection.
  rpc::Problem wait_for_close();

 private:
  rpc::CoordinatorMessage take(const std::function<bool(const rpc::CoordinatorMessage&)>& wanted);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<rpc::CoordinatorMessage> messages_;
  std::optional<rpc::Problem> closed_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  rpc::WebSocketClient client_;
  std::jthread thread_;
};

rpc::AttemptFinished succeeded(const rpc::Assignment& job);

}  // namespace checkerlab::coordinator
