// A job kind for tests: copies every input file to an output of the same name, "<role>.<name>".
#pragma once

#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

class CopyJob final : public JobKind {
 public:
  std::string_view name() const override { return "copy"; }

  JobOutput run(const RunCommand& command, JobContext& context, WarmCache& /*warm*/) override {
    JobOutput output;
    for (const auto& [role, input] : command.inputs) {
      for (const auto& [name, file] : input.files) {
        const auto copy = role + "." + name;
        std::filesystem::copy_file(file.path, command.scratch / copy);
        output.artifacts[copy] = command.scratch / copy;
      }
    }
    context.log("info", "copied " + std::to_string(output.artifacts.size()));
    output.metrics["files"] = static_cast<double>(output.artifacts.size());
    return output;
  }
};

}  // namespace checkerlab::worker
