// Runs jobs in the test's process, one after the other, the outputs of one as inputs of the next.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "worker/runner/registry.hpp"

namespace checkerlab::worker::testing {

// What a job made.
struct Made {
  std::map<std::string, double> metrics;
  std::map<std::string, InputFile> files;
  std::map<std::string, std::string> identity;
  std::vector<ResumePoint> checkpoints;
  std::map<std::string, std::vector<std::pair<std::int64_t, double>>> curves;

  double metric(const std::string& name) const { return metrics.at(name); }
};

using Inputs = std::map<std::string, Made>;

struct Extras {
  Json hints = Json::object();
  std::optional<ResumePoint> resume;
  std::optional<std::size_t> cancel_after_checkpoints;
};

class Bench {
 public:
  Bench();

  Made run(const std::string& kind, const Json& params, const Inputs& inputs = {}, const Extras& extras = {});

  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  JobRegistry registry_;
  WarmCache warm_{6};
  int jobs_ = 0;
};

}  // namespace checkerlab::worker::testing
