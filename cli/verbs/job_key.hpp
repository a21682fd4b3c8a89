// Jobs as people name them: by the first characters of their key.
#pragma once

#include <string>

#include "cli/client/session.hpp"

namespace checkerlab::cli {

// The full key (64 hex digits) that begins with `prefix`. Throws Error when it is no hex text, when no job or more than
// one begins so.
std::string full_job_key(Session& session, const std::string& prefix);

}  // namespace checkerlab::cli
