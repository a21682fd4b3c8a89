// Follows a study on a coordinator until it ends.
#pragma once

#include <functional>
#include <string>

#include "base/exit_code.hpp"
#include "cli/client/session.hpp"
#include "cli/progress/display.hpp"

namespace checkerlab::cli {

struct FollowOptions {
  // Called several times a second; what it throws ends the following (a local worker that died, say).
  std::function<void()> check;
};

// Reads the event stream and shows what changes; loads the study anew every two seconds, so that a lost event does no
// harm. Returns the study's last document (state succeeded, failed or cancelled). Throws Error(cancelled) when the
// console's stop is triggered, Error(unavailable) when the coordinator cannot be reached for half a minute.
rpc::Json follow_study(Session& session, const std::string& id, Console& console, Display& display,
                       const FollowOptions& options = {});

// What the state of a finished study means for the shell.
ExitCode exit_code_of_state(const std::string& state);

}  // namespace checkerlab::cli
