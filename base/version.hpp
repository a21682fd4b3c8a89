#pragma once

#include <string>

namespace checkerlab {

// The version of this build, for people and for the identity of measurements: "0.1.0".
std::string version_string();

}  // namespace checkerlab
