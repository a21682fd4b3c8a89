// Sends the bytes of a file as the body of an answer, a piece at a time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "coordinator/api/context.hpp"
#include "coordinator/artifacts/byte_range.hpp"
#include "coordinator/http/exchange.hpp"

namespace checkerlab::coordinator {

class OpenFile {
 public:
  // Throws Error when it cannot be opened.
  explicit OpenFile(const std::filesystem::path& path);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // Fills `chunk` from `offset`; a file that became shorter is an error.
  void read(std::string& chunk, std::uint64_t offset) const;

 private:
  std::filesystem::path path_;
  int fd_;
};

// After the head was written. Reads on the pool.
boost::asio::awaitable<void> send_bytes(const ApiContext& context, Exchange& exchange, const OpenFile& file,
                                        ByteRange bytes);

}  // namespace checkerlab::coordinator
