#include "base/version.hpp"

namespace checkerlab {

std::string version_string() {
  return CHECKERLAB_VERSION;
}

}  // namespace checkerlab
