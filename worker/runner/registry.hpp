// The kinds of job a worker can do, by name. Filled once at start, read-only afterwards.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

class JobRegistry {
 public:
  // Throws Error(internal) when the name is taken.
  void add(std::unique_ptr<JobKind> kind);

  // Throws Error(invalid_argument) that names the kinds there are.
  JobKind& find(std::string_view name) const;

  std::vector<std::string> names() const;

 private:
  std::map<std::string, std::unique_ptr<JobKind>, std::less<>> kinds_;
};

}  // namespace checkerlab::worker
