// Runs the real programs of this build as a user would.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/child_process.hpp"

namespace checkerlab::e2e {

struct Finished {
  ExitStatus status;
  std::string out;
  std::string err;
};

// build/…/bin/NAME.
std::string program(const std::string& name);

// Starts `arguments` with output and errors going to the two files.
ChildProcess start(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                   const std::filesystem::path& err, const std::map<std::string, std::string>& environment = {});

// Runs to the end. A run longer than `limit` is killed and fails the calling test.
Finished run(const std::vector<std::string>& arguments, std::chrono::seconds limit = std::chrono::seconds(300),
             const std::map<std::string, std::string>& environment = {});

// The direct children of a process.
std::vector<pid_t> children_of(pid_t pid);

// Processes whose command line holds `text`.
std::vector<pid_t> processes_naming(const std::string& text);

std::string read_file(const std::filesystem::path& file);

}  // namespace checkerlab::e2e
