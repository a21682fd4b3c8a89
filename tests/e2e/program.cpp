#include "tests/e2e/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/files.hpp"

namespace checkerlab::e2e {

namespace fs = std::filesystem;

std::string program(const std::string& name) {
  return std::string(CHECKERLAB_BIN_DIR) + "/" + name;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

ChildProcess start(const std::vector<std::string>& arguments, const fs::path& out, const fs::path& err,
                   const std::map<std::string, std::string>& environment) {
  const int in_fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ChildProcess child(
      {.arguments = arguments, .environment = environment, .descriptors = {{0, in_fd}, {1, out_fd}, {2, err_fd}}});
  for (const int fd : {in_fd, out_fd, err_fd})
    ::close(fd);
  return child;
}

Finished run(const std::vector<std::string>& arguments, std::chrono::seconds limit,
             const std::map<std::string, std::string>& environment) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const fs::path err = folder.path() / "err";
  ChildProcess child = start(arguments, out, err, environment);
  auto status = child.wait(limit);
  if (!status) {
    ADD_FAILURE() << "still running after " << limit.count() << " s: " << arguments.at(0);
    status = child.stop(std::chrono::seconds(2));
  }
  return {*status, read_file(out), read_file(err)};
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code ec;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", ec)) {
    std::istringstream list(read_file(task.path() / "children"));
    for (pid_t child = 0; list >> child;)
      children.push_back(child);
  }
  return children;
}

std::vector<pid_t> processes_naming(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (read_file(entry.path() / "cmdline").find(text) != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

}  // namespace checkerlab::e2e
