// Pipes between a process and its child, and a move-only owner of one descriptor.
#pragma once

#include <utility>

namespace checkerlab {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

// Closed on exec. Throws Error(io_error).
struct Pipe {
  Pipe();
  Descriptor read;
  Descriptor write;
};

}  // namespace checkerlab
