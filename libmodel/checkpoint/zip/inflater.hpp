// Deflated bytes of a file, unpacked piece by piece. Internal to zip/.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

// Not thread-safe; `file` must outlive it.
class Inflater {
 public:
  // The `bytes` packed ones from `begin` on. Throws Error(out_of_memory).
  Inflater(const RandomFile& file, std::uint64_t begin, std::uint64_t bytes);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Up to `bytes` unpacked ones; fewer only where the packed data end. Negative when they are damaged or end too early.
  std::int64_t read(void* into, std::uint64_t bytes);
  void restart();

 private:
  void refill();

  const RandomFile& file_;
  std::uint64_t begin_, end_, next_;
  std::vector<unsigned char> buffer_;
  z_stream stream_{};
  bool ended_ = false;
};

}  // namespace checkerlab::model
