// The real coordinator and real workers, whose runners know noop alone, on a data folder of their own: started, killed,
// stopped and started again by a test.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/files.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::chaos {

class Lab {
 public:
  // `environment` is the coordinator's.
  explicit Lab(std::map<std::string, std::string> environment = {});

  const std::filesystem::path& data() const { return folder_.path(); }
  std::uint16_t port() const { return port_; }
  std::filesystem::path database() const { return data() / "checkerlab.db"; }
  // Where it listens now.
  rpc::Endpoint endpoint() const;

  // Takes the same port every time. Returns when it answers.
  void start_coordinator();
  void kill_coordinator();
  void restart_coordinator();  // with kill -9
  void signal_coordinator(int signal);
  // Workers are numbered; a second start of a number replaces what was killed. `port` is the coordinator's or a
  // proxy's.
  void start_worker(std::size_t number, std::uint16_t port);
  void kill_worker(std::size_t number);
  void restart_worker(std::size_t number, std::uint16_t port);  // with kill -9
  void signal_worker(std::size_t number, int signal);
  // Kills one of its runners; the worker starts another by itself. Nothing when it has none at the moment.
  void kill_runner(std::size_t number);

  // Jobs that do nothing. Again until the coordinator accepts it, as a person would.
  void submit(const std::string& study, std::int64_t jobs, const std::string& mode = "ok");
  // Once; false when it is refused.
  bool try_submit(const std::string& study, std::int64_t jobs, const std::string& mode = "ok");
  // The first number that the SQL gives; tried again while the coordinator does not answer.
  std::int64_t number(const std::string& sql);
  std::int64_t succeeded() { return number("select count(*) from jobs where state = 'succeeded'"); }
  // Looks until it holds; false when it did not within `limit`.
  bool wait_until(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(60));
  // Waits for some more jobs to be done, or all there are.
  void go_on(std::int64_t all, int jobs);
  // Fails the test unless every job of the study has one result and nothing else is there.
  void expect_exactly(std::int64_t jobs);

  std::string errors() const;

 private:
  rpc::HttpClient client() const;

  TemporaryFolder folder_{"checkerlab-chaos"};
  std::map<std::string, std::string> environment_;
  std::uint16_t port_ = 0;
  std::optional<ChildProcess> coordinator_;
  std::vector<std::optional<ChildProcess>> workers_;
};

}  // namespace checkerlab::chaos
