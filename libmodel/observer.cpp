#include "libmodel/observer.hpp"

#include <string>

#include "base/error.hpp"

namespace checkerlab::model {

void throw_if_cancelled(const Observer& observer, std::string_view what) {
  if (observer.cancelled()) throw Error(ErrorCode::cancelled, std::string(what) + " was cancelled");
}

}  // namespace checkerlab::model
