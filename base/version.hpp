#pragma once

#include <string>

namespace checkerlab {

// The version of this build, for people and for the identity of measurements: "0.1.0+3f2a91c0d4e5", with "-dirty" when
// the sources were not those of the commit.
std::string version_string();

}  // namespace checkerlab
