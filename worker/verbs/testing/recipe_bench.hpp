// A folder with a small tokenizer, token files and a recipe that trains on them, and ways to run it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/files.hpp"

namespace checkerlab::worker::testing {

struct Ran {
  int code = 0;
  std::string out, err;
};

class RecipeBench {
 public:
  RecipeBench();

  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  // A token cache in the folder `name`: random codes below `codes` at these sides, 40 images of four classes.
  void write_tokens(const std::string& name, const std::vector<std::int64_t>& sides, int codes) const;
  // Arguments of `model train` for the recipe with its results in the folder `out`.
  std::vector<std::string> arguments(const std::string& out, const std::vector<std::string>& more = {}) const;
  // In this process.
  Ran train(const std::string& out, const std::vector<std::string>& more = {}) const;
  // As a process of its own: build/…/bin/checkerlab-worker.
  ChildProcess start(const std::string& out, const std::vector<std::string>& more = {}) const;
  // What the last one that was started has written.
  std::string log() const { return SystemFiles().read(path("log")); }
  // Loss by step from the metrics file of a run. Lines that are not whole are left out.
  std::map<std::int64_t, double> losses(const std::string& out) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace checkerlab::worker::testing
