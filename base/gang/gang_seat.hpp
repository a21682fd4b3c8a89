// A process's place among the processes that do one thing together, and how long they wait for each other.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace checkerlab {

struct GangSeat {
  int rank = 0;
  int size = 1;
  std::string secret;  // all ranks of a gang have the same, nobody else has it; never sent
};

struct MeetingLimits {
  // Until all ranks are there. Others may have gigabytes to fetch before they come.
  std::chrono::milliseconds patience = std::chrono::minutes(30);
  // Until rank 0, which is said to listen, was reached.
  std::chrono::milliseconds connect = std::chrono::minutes(1);
  // For who connected to say who it is.
  std::chrono::milliseconds handshake = std::chrono::seconds(10);
  // Asked at least ten times a second; true ends every wait with Error(cancelled).
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace checkerlab
