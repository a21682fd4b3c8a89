// The one exception type of the project. What a user can cause is always reported through it: what went wrong and where
// (`message`), and what to do (`fix`). The code is stable and machine-readable; it becomes the problem type of the HTTP
// API and the `code` of a failed attempt.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace checkerlab {

enum class ErrorCode {
  invalid_argument,  // a value, option or definition that cannot be right
  invalid_data,      // a file or message whose content is broken
  not_found,         // a named thing does not exist
  conflict,          // exists already, or in a state that forbids this
  unauthorized,      // no or wrong credentials
  forbidden,         // known, but not allowed
  too_large,         // beyond a stated limit
  unavailable,       // the other side cannot be reached now; trying again may help
  timeout,           // not finished within a stated time
  disk_full,         // no space left where something had to be written
  io_error,          // any other failure of a file or device
  out_of_memory,     // host or device memory exhausted
  cancelled,         // stopped on request
  version_mismatch,  // made by or meant for another version
  not_finite,        // NaN or infinity where a number had to be
  internal           // a bug of ours
};

// The snake_case name, as used on the wire.
std::string_view to_string(ErrorCode code);
// The code of that name; `internal` for an unknown one, so that a newer peer's codes are still reported.
ErrorCode error_code_from(std::string_view name);

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, std::string fix = "");

  ErrorCode code() const { return code_; }
  // What to do about it; may be empty.
  const std::string& fix() const { return fix_; }
  // "message. fix" on one line.
  std::string full_text() const;

 private:
  ErrorCode code_;
  std::string fix_;
};

// An Error for errno: ENOSPC and EDQUOT become disk_full, ENOENT not_found, the rest io_error. `doing` says what and
// where: "write /path/x".
Error errno_error(int error_number, const std::string& doing);

}  // namespace checkerlab
