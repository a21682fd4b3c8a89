// A data directory for tests, removed at the end, and the command line run on it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "cli/app.hpp"

namespace checkerlab::cli::testing {

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

inline Outcome run(const std::vector<std::string>& args) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_cli(args, out, err);
  return {code, out.str(), err.str()};
}

class LabFolder {
 public:
  std::string path() const { return folder_.path().string(); }

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = folder_.path() / name;
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

  // Runs the verb on this data directory.
  Outcome run_here(std::vector<std::string> args) const {
    args.insert(args.end(), {"--data", path()});
    return run(args);
  }

 private:
  TemporaryFolder folder_{"checkerlab-cli"};
};

}  // namespace checkerlab::cli::testing
