// How much of everything that comes in is taken. Plain values; the defaults are those of the command line.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace checkerlab::coordinator {

struct ServerLimits {
  std::uint32_t header_bytes = 32 << 10;
  std::size_t connections = 1024;
  std::size_t connections_per_address = 256;
  std::size_t event_streams = 512;
  std::chrono::milliseconds idle{60'000};    // longest silence inside a transfer, and between two requests
  std::chrono::milliseconds header{10'000};  // from the first byte of a request to the end of its header; also TLS
  std::chrono::milliseconds body{60'000};    // for a body that is held in memory
  // Requests a second, with bursts of five seconds' worth; 0: no limit. The owner's token has none.
  double token_rate = 100;
  double address_rate = 200;
};

}  // namespace checkerlab::coordinator
