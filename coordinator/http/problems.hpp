// From exceptions to problem documents: what the coordinator answers when a request fails. Pure functions.
#pragma once

#include <exception>
#include <string>

#include "base/error.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::coordinator {

// The HTTP status that an error code is answered with.
int status_of(ErrorCode code);

// The status that problem_of() gives, without a word in the log.
unsigned status_of(const std::exception_ptr& error);

// The document for whatever was thrown. An exception that is no Error is a bug of ours: it becomes a 500 without
// details, which stand in the log.
rpc::Problem problem_of(std::exception_ptr error);

// An error with a status that its code does not imply (405, 416, 421, …).
rpc::ApiError http_error(int status, ErrorCode code, const std::string& detail, const std::string& fix);

}  // namespace checkerlab::coordinator
