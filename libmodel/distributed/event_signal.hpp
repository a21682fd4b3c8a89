// A descriptor that is readable once it was raised, for threads that wait in poll(). Thread-safe.
#pragma once

#include <sys/eventfd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/pipe.hpp"

namespace checkerlab::model {

class EventSignal {
 public:
  EventSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_.get() < 0) throw errno_error(errno, "make an event descriptor");
  }
  int descriptor() const { return event_.get(); }
  void raise() noexcept { ::eventfd_write(event_.get(), 1); }
  void lower() noexcept {
    eventfd_t count = 0;
    ::eventfd_read(event_.get(), &count);
  }

 private:
  Descriptor event_;
};

}  // namespace checkerlab::model
