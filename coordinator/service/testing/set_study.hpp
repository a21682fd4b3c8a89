// Studies as plain sets of jobs that do nothing, for tests of what changes a set.
#pragma once

#include <string>
#include <vector>

#include "coordinator/service/coordinator.hpp"

namespace checkerlab::coordinator::testing {

inline std::string set_key(int index) {
  return sweeps::noop_job(index, "ok", 0).key.str();
}

// The jobs `indices`; equal indices are equal jobs in every study.
inline StudySubmission set_study(const std::vector<int>& indices, const std::string& name = "set") {
  StudySubmission study;
  study.name = name;
  study.title = "A set";
  study.definition = "jobs:";
  for (const int index : indices) {
    study.definition += " " + std::to_string(index);
    study.plan.jobs.push_back(sweeps::noop_job(index, "ok", 0));
  }
  study.filename = "set.yaml";
  study.submitted_by = "tester";
  return study;
}

}  // namespace checkerlab::coordinator::testing
