#include "worker/jobs/hinted_file.hpp"

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "base/given_file.hpp"

namespace checkerlab::worker {

std::filesystem::path hinted_path(const RunCommand& command) {
  const auto path = command.hints.value("path", "");
  if (!path.empty()) return path;
  throw Error(ErrorCode::invalid_argument, command.spec.value("kind", "job") + ": the hint path is missing",
              "submit the study from a machine that has the file");
}

std::filesystem::path hinted_data_set(const RunCommand& command, const std::string& content_sha256) {
  const auto path = hinted_path(command);
  const auto found = checkerlab::content_sha256(path);
  if (found == content_sha256) return path;
  throw Error(ErrorCode::conflict,
              "the data set at " + path.string() + " is not the one the study was submitted with: its hash is " +
                  found + ", not " + content_sha256,
              "submit the study again, or restore the data set");
}

std::filesystem::path hinted_file(const RunCommand& command, const std::string& sha256, bool with_configuration) {
  const auto path = hinted_path(command);
  if (!std::filesystem::exists(path))
    throw Error(ErrorCode::not_found, path.string() + " does not exist on this worker",
                "the file that a study names must lie at the same path for the workers");
  const auto found = given_file_sha256(path, with_configuration);
  if (found == sha256) return path;
  throw Error(ErrorCode::conflict,
              path.string() + " is not the file the study was submitted with: its hash is " + found + ", not " + sha256,
              "submit the study again, or restore the file");
}

}  // namespace checkerlab::worker
