// A worker in the test's own process that speaks the real protocol and answers at once, as the test says: studies of
// models run through the real coordinator without LibTorch.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/app/testing/fake_worker.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::e2e {

class ScriptedWorker {
 public:
  // Jobs for which it says yes fail.
  using Fails = std::function<bool(const rpc::Assignment&)>;

  // Connects to the coordinator of `data` with one slot. A worker of the same version is the same worker.
  ScriptedWorker(const std::filesystem::path& data, const std::string& version = "1");

  // Takes the next job without answering.
  rpc::Assignment take();
  void answer(const rpc::Assignment& job, const Fails& fails = {});
  // Takes and answers so many jobs, one after the other; gives their kinds.
  std::vector<std::string> work(int jobs, const Fails& fails = {});
  // The next message that stops an attempt.
  rpc::Cancel cancelled() { return worker_->next<rpc::Cancel>(); }
  void let_go(const rpc::Assignment& job);

 private:
  std::unique_ptr<coordinator::FakeWorker> worker_;
};

}  // namespace checkerlab::e2e
