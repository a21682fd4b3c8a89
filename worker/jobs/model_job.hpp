// What all kinds of job that use libmodel share: checked access to params and inputs, the device, reporting, and errors
// of LibTorch turned into ours.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "worker/jobs/observer_bridge.hpp"
#include "worker/jobs/params.hpp"
#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

// One job being done. Lives as long as the call of ModelJob::work.
class JobCall {
 public:
  JobCall(const RunCommand& run, JobContext& job_context, WarmCache& warm_cache);

  // The file of an input. Throws Error(invalid_data) that names role and artifact when it is missing.
  const InputFile& input(const std::string& role, const std::string& artifact) const;
  // Where to write an output.
  std::filesystem::path output(const std::string& name) const { return command.scratch / name; }
  std::optional<std::filesystem::path> resume() const;
  // hints.batch, else `on_cuda` or `on_cpu`. Never changes a result.
  std::int64_t batch(std::int64_t on_cuda, std::int64_t on_cpu) const;
  double seconds() const;  // since the call began

  const RunCommand& command;
  JobContext& context;
  WarmCache& warm;
  Params params;
  c10::Device device;
  ObserverBridge observer;

 private:
  std::chrono::steady_clock::time_point began_;
};

// Base of the kinds. Throws Error(out_of_memory) that names a smaller batch when the device's memory does not suffice.
class ModelJob : public JobKind {
 public:
  JobOutput run(const RunCommand& command, JobContext& context, WarmCache& warm) final;

 protected:
  virtual JobOutput work(JobCall& call) = 0;
};

}  // namespace checkerlab::worker
