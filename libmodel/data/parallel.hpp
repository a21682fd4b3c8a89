#pragma once

#include <cstdint>
#include <functional>

namespace checkerlab::model {

// Calls work(0) ... work(count - 1), each once, on at most `threads` threads (the caller's among them), in no
// particular order. Returns when all are done; the first exception thrown by a call is thrown again then, and no
// further calls are begun.
void parallel_for(std::int64_t count, std::int64_t threads, const std::function<void(std::int64_t)>& work);

}  // namespace checkerlab::model
