#include "base/threading_environment.hpp"

#include <cstdlib>

namespace checkerlab {

std::map<std::string, std::string> threading_environment() {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return {};
  return {{"GOMP_SPINCOUNT", "10000"}};
}

}  // namespace checkerlab
