// The file that a job reads besides its inputs: where it lies is a hint, what it is stands in the spec.
#pragma once

#include <filesystem>
#include <string>

#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {

// The path in the hints. Throws Error(invalid_argument) when there is none.
std::filesystem::path hinted_path(const RunCommand& command);

// hinted_path, after the data set there was found to be the one of that fingerprint (base/fingerprint.hpp). Throws
// Error(conflict) when it is another.
std::filesystem::path hinted_data_set(const RunCommand& command, const std::string& content_sha256);

// hinted_path, after its content was found to be `sha256` (base/given_file.hpp). Throws Error(not_found) when it is not
// there and Error(conflict) when it is another.
std::filesystem::path hinted_file(const RunCommand& command, const std::string& sha256, bool with_configuration);

}  // namespace checkerlab::worker
