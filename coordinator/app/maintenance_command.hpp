// `checkerlab-coordinator backup | restore | verify | gc`: work on a data directory instead of serving it.
#pragma once

#include <optional>

namespace checkerlab::coordinator {

// Nothing when the first argument is none of these. Else does it and gives the exit code: 0 done, and sound; 1 it could
// not be done; 2 wrong usage; 3 verify found damage.
std::optional<int> run_maintenance(int argc, const char* const* argv);

}  // namespace checkerlab::coordinator
