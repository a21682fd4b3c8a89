// A coordinator and a worker of this build on a data folder of their own, that a test starts, kills and starts again.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "rpc/http_client.hpp"
#include "tests/e2e/program.hpp"

namespace checkerlab::e2e {

class Stack {
 public:
  Stack();

  const std::filesystem::path& data() const { return folder_.path(); }

  // The first start takes any free port, later ones the same again, as a service would. Returns when it answers.
  void start_coordinator();
  void start_worker();
  ChildProcess& coordinator() { return *coordinator_; }
  ChildProcess& worker() { return *worker_; }

  // kill -9.
  void kill_coordinator();
  void kill_worker();
  // Kills the worker's first runner and waits until its agent has another.
  void kill_runner();

  rpc::HttpClient client() const;
  // `checkerlab --data … arguments`.
  Finished cli(std::vector<std::string> arguments) const;
  // The value of the first column of the first row.
  rpc::Json query(const std::string& sql) const;
  // Reads the stream of events until `wanted` says yes, reconnecting as a page would; fails the test after three
  // minutes.
  void wait_for(const std::function<bool(const rpc::Json&)>& wanted) const;

 private:
  TemporaryFolder folder_;
  std::string port_ = "0";
  std::optional<ChildProcess> coordinator_;
  std::optional<ChildProcess> worker_;
};

// The path of a file beside the end-to-end tests.
std::string e2e_file(const std::string& name);

}  // namespace checkerlab::e2e
