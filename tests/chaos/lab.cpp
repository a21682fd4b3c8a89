#include "tests/chaos/lab.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <stdexcept>

#include "base/error.hpp"
#include "tests/e2e/program.hpp"

namespace checkerlab::chaos {

using namespace std::chrono_literals;

namespace {

constexpr auto kLookAgain = 20ms;

}  // namespace

Lab::Lab(std::map<std::string, std::string> environment) : environment_(std::move(environment)) {}

void Lab::start_coordinator() {
  coordinator_ = e2e::start({e2e::program("checkerlab-coordinator"), "--data", data().string(), "--listen",
                             "127.0.0.1:" + std::to_string(port_), "--lease", "3", "--heartbeat", "0.5"},
                            data() / "coordinator.out", data() / "coordinator.err", environment_);
  const pid_t own = coordinator_->pid();
  const bool ready = wait_until([&] {
    if (const auto status = coordinator_->poll()) throw std::runtime_error("the coordinator ended: " + status->text());
    const auto file = rpc::read_coordinator_file(data());
    return file && file->pid == own;
  });
  ASSERT_TRUE(ready) << errors();
  port_ = client().endpoint().port;
}

void Lab::kill_coordinator() {
  coordinator_->signal_group(SIGKILL);
  ASSERT_TRUE(coordinator_->wait(10s));
}

void Lab::restart_coordinator() {
  kill_coordinator();
  start_coordinator();
}

void Lab::signal_coordinator(int signal) {
  coordinator_->signal_group(signal);
}

void Lab::start_worker(std::size_t number, std::uint16_t port) {
  if (workers_.size() <= number) workers_.resize(number + 1);
  const std::string name = "worker" + std::to_string(number);
  workers_[number] =
      e2e::start({e2e::program("noop_worker"), "--url", "http://127.0.0.1:" + std::to_string(port), "--token-file",
                  rpc::token_file_path(data()).string(), "--name", name, "--slots", "2", "--prefetch", "8", "--device",
                  "cpu", "--cache", (data() / (name + ".cache")).string()},
                 data() / (name + ".out"), data() / (name + ".err"));
}

void Lab::kill_worker(std::size_t number) {
  workers_.at(number)->signal_group(SIGKILL);
  ASSERT_TRUE(workers_.at(number)->wait(10s));
}

void Lab::restart_worker(std::size_t number, std::uint16_t port) {
  kill_worker(number);
  start_worker(number, port);
}

void Lab::signal_worker(std::size_t number, int signal) {
  workers_.at(number)->signal_group(signal);
}

void Lab::kill_runner(std::size_t number) {
  const auto runners = e2e::children_of(workers_.at(number)->pid());
  if (!runners.empty()) ::kill(runners.front(), SIGKILL);
}

rpc::Endpoint Lab::endpoint() const {
  return rpc::discover_endpoint(data());
}

rpc::HttpClient Lab::client() const {
  return rpc::HttpClient(endpoint());
}

void Lab::submit(const std::string& study, std::int64_t jobs, const std::string& mode) {
  ASSERT_TRUE(wait_until([&] { return try_submit(study, jobs, mode); })) << errors();
}

bool Lab::try_submit(const std::string& study, std::int64_t jobs, const std::string& mode) {
  try {
    client().post("/api/v1/noop_studies", {{"name", study}, {"count", jobs}, {"mode", mode}});
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::int64_t Lab::number(const std::string& sql) {
  std::int64_t found = -1;
  wait_until([&] {
    try {
      found = client().post("/api/v1/query", {{"sql", sql}}).at("rows").at(0).at(0).get<std::int64_t>();
      return true;
    } catch (const Error&) {
      return false;
    }
  });
  return found;
}

bool Lab::wait_until(const std::function<bool()>& holds, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    coordinator_->wait(kLookAgain);
  }
  return true;
}

void Lab::go_on(std::int64_t all, int jobs) {
  const std::int64_t wanted = std::min(all, succeeded() + jobs);
  ASSERT_TRUE(wait_until([&] { return succeeded() >= wanted; })) << errors();
}

void Lab::expect_exactly(std::int64_t jobs) {
  EXPECT_TRUE(wait_until([&] { return succeeded() == jobs; }, 120s)) << succeeded() << " of " << jobs << errors();
  EXPECT_EQ(number("select count(*) from jobs"), jobs);
  EXPECT_EQ(number("select count(*) from results"), jobs);
  EXPECT_EQ(number("select count(*) from attempts where state = 'succeeded'"), jobs);
  EXPECT_EQ(number("select count(*) from results r join attempts a on a.job = r.job and a.number = r.attempt and "
                   "a.worker = r.worker and a.state = 'succeeded'"),
            jobs);
  EXPECT_EQ(number("select count(*) from attempts where state in ('assigned', 'running')"), 0);
  EXPECT_EQ(number("select count(*) from studies where state <> 'succeeded'"), 0);
}

std::string Lab::errors() const {
  std::string text = "\n" + e2e::read_file(data() / "coordinator.err");
  for (std::size_t i = 0; i < workers_.size(); ++i)
    text += "\n" + e2e::read_file(data() / ("worker" + std::to_string(i) + ".err"));
  return text;
}

}  // namespace checkerlab::chaos
