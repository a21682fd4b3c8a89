#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace checkerlab {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 16> kNames{{
    {ErrorCode::invalid_argument, "invalid_argument"},
    {ErrorCode::invalid_data, "invalid_data"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::conflict, "conflict"},
    {ErrorCode::unauthorized, "unauthorized"},
    {ErrorCode::forbidden, "forbidden"},
    {ErrorCode::too_large, "too_large"},
    {ErrorCode::unavailable, "unavailable"},
    {ErrorCode::timeout, "timeout"},
    {ErrorCode::disk_full, "disk_full"},
    {ErrorCode::io_error, "io_error"},
    {ErrorCode::out_of_memory, "out_of_memory"},
    {ErrorCode::cancelled, "cancelled"},
    {ErrorCode::version_mismatch, "version_mismatch"},
    {ErrorCode::not_finite, "not_finite"},
    {ErrorCode::internal, "internal"},
}};

}  // namespace

std::string_view to_string(ErrorCode code) {
  for (const auto& [known, name] : kNames) {
    if (known == code) return name;
  }
  return "internal";
}

ErrorCode error_code_from(std::string_view name) {
  for (const auto& [code, known] : kNames) {
    if (known == name) return code;
  }
  return ErrorCode::internal;
}

Error::Error(ErrorCode code, const std::string& message, std::string fix)
    : std::runtime_error(message), code_(code), fix_(std::move(fix)) {}

std::string Error::full_text() const {
  std::string text = what();
  if (fix_.empty()) return text;
  if (!text.empty() && text.back() != '.' && text.back() != '!' && text.back() != '?') text += '.';
  return text + " " + fix_;
}

Error errno_error(int error_number, const std::string& doing) {
  const std::string message = "cannot " + doing + ": " + std::strerror(error_number);
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return {ErrorCode::disk_full, message, "Free some space there and try again."};
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::not_found, message, "Check the path."};
    case EACCES:
    case EPERM:
      return {ErrorCode::io_error, message, "Check the permissions of the file and its folders."};
    default:
      return {ErrorCode::io_error, message};
  }
}

}  // namespace checkerlab
