#include "tests/e2e/stack.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace checkerlab::e2e {

using namespace std::chrono_literals;

namespace {

// Looks again every 20 ms until `ready`, for at most a minute; ends early, as a failure, when `child` dies.
void await(ChildProcess& child, const std::string& what, const std::function<bool()>& ready) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!ready()) {
    if (const auto status = child.wait(20ms)) throw std::runtime_error(what + " ended: " + status->text());
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(what + " was not ready within a minute");
  }
}

}  // namespace

std::string e2e_file(const std::string& name) {
  return std::string(CHECKERLAB_SOURCE_DIR) + "/tests/e2e/" + name;
}

Stack::Stack() : folder_("checkerlab-e2e") {}

void Stack::start_coordinator() {
  coordinator_ = start({program("checkerlab-coordinator"), "--data", data().string(), "--listen", "127.0.0.1:" + port_},
                       data() / "coordinator.out", data() / "coordinator.err");
  const auto own = coordinator_->pid();
  await(*coordinator_, "the coordinator", [&] {
    const auto file = rpc::read_coordinator_file(data());
    return file && file->pid == own;
  });
  port_ = std::to_string(client().endpoint().port);
}

void Stack::start_worker() {
  worker_ = start({program("checkerlab-worker"), "--data", data().string(), "--name", "e2e", "--device", "cpu",
                   "--cache", (data() / "cache").string()},
                  data() / "worker.out", data() / "worker.err");
}

void Stack::kill_coordinator() {
  coordinator_->signal_group(SIGKILL);
  ASSERT_TRUE(coordinator_->wait(10s));
  coordinator_.reset();
}

void Stack::kill_worker() {
  worker_->signal_group(SIGKILL);
  ASSERT_TRUE(worker_->wait(10s));
  worker_.reset();
}

void Stack::kill_runner() {
  const auto runners = children_of(worker_->pid());
  ASSERT_FALSE(runners.empty()) << "the worker has no runner";
  const pid_t victim = runners.front();
  ::kill(victim, SIGKILL);
  await(*worker_, "the worker", [&] {
    const auto now = children_of(worker_->pid());
    return !now.empty() && std::ranges::find(now, victim) == now.end();
  });
}

rpc::HttpClient Stack::client() const {
  return rpc::HttpClient(rpc::discover_endpoint(data()));
}

Finished Stack::cli(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {program("checkerlab"), "--data", data().string()});
  return run(arguments);
}

rpc::Json Stack::query(const std::string& sql) const {
  const auto answer = client().post("/api/v1/query", {{"sql", sql}});
  return answer.at("rows").at(0).at(0);
}

void Stack::wait_for(const std::function<bool(const rpc::Json&)>& wanted) const {
  std::stop_source too_late;
  std::jthread watchdog([&too_late](const std::stop_token& done) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    if (!ended.wait_for(lock, done, 3min, [] { return false; }) && !done.stop_requested()) too_late.request_stop();
  });
  bool seen = false;
  rpc::HttpOptions http;
  http.stop = too_late.get_token();
  rpc::EventOptions events;
  events.last_event_id = "0";  // from the beginning: what happened before this call counts too
  events.stop = too_late.get_token();
  rpc::HttpClient reader(rpc::discover_endpoint(data()), http);
  reader.read_events(
      "/api/v1/events",
      [&](const rpc::ServerEvent& event) {
        seen = wanted(rpc::Json::parse(event.data));
        return !seen;
      },
      events);
  ASSERT_TRUE(seen) << "what the test waits for did not happen";
}

}  // namespace checkerlab::e2e
