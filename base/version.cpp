#include "base/version.hpp"

#include "generated/version_text.hpp"

namespace checkerlab {

std::string version_string() {
  return CHECKERLAB_VERSION;
}

}  // namespace checkerlab
