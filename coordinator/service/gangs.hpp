// What the service remembers of running attempts that several workers do together. Internal to the service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

struct GangMemory {
  std::uint32_t number = 0;                 // of the attempt
  std::string secret;                       // what its ranks know each other by; empty after a restart: all have it
  std::vector<std::string> workers;         // ids, by rank
  std::optional<rpc::GangAddress> address;  // once the leader has told it
};

}  // namespace checkerlab::coordinator
