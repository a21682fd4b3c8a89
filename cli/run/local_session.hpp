// Makes sure that a coordinator and a worker are there for `checkerlab run`, starting on this machine what is not.
#pragma once

#include "cli/client/session.hpp"

namespace checkerlab::cli {

// The coordinator that runs; else one started on the data directory with a worker. A running coordinator of the data
// directory that has no worker online gets one too; one named by --url or CHECKERLAB_URL does not. Says on err what it
// starts.
Session session_for_run(Context& context);

}  // namespace checkerlab::cli
