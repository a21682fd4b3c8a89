#include "base/exit_code.hpp"

#include "base/error.hpp"

namespace checkerlab {

ExitCode exit_code_of(const std::exception& exception) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error == nullptr) return ExitCode::internal;
  switch (error->code()) {
    case ErrorCode::invalid_argument:
    case ErrorCode::invalid_data:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::too_large:
    case ErrorCode::version_mismatch:
    case ErrorCode::not_finite:
      return ExitCode::bad_input;
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
    case ErrorCode::unauthorized:
    case ErrorCode::forbidden:
      return ExitCode::unreachable;
    case ErrorCode::cancelled:
      return ExitCode::interrupted;
    case ErrorCode::disk_full:
    case ErrorCode::io_error:
    case ErrorCode::out_of_memory:
    case ErrorCode::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace checkerlab
