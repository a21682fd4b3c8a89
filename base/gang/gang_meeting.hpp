// How the processes of a gang find each other over TCP, on one host or several: rank 0 listens, the others connect, and
// both sides prove that they know the gang's secret.
//
// What is protected: nobody without the secret becomes a rank, whoever listens in or connects. A stranger that
// connects, whatever it sends or does not send, is dropped and keeps no rank waiting; a rank that reaches a stranger
// gives up. What is not: what ranks send each other afterwards is neither encrypted nor signed. Who can read the
// network between them can read gradients; who can change packets on it can change them. Use a network that is trusted
// that far.
//
// All functions wait, and end with Error: cancelled (the limits say so), timeout (their patience), unavailable (a rank
// is gone, or rank 0 cannot be reached), conflict (this rank or size does not belong to the gang), invalid_argument
// (the host, or a seat that cannot be). Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/gang/gang_seat.hpp"
#include "base/gang/tcp.hpp"

namespace checkerlab {

// Rank 0's side.
class GangListener {
 public:
  // Listens at a free port of `host`, a name or address of this machine.
  GangListener(const std::string& host, GangSeat seat);

  int port() const { return port_; }

  // Connections to ranks 1, 2, … in order, once all are there. A rank that came and is gone again ends the wait.
  // Nobody can connect afterwards. Call it once.
  std::vector<Descriptor> meet(const MeetingLimits& limits);

 private:
  GangSeat seat_;
  Descriptor listener_;
  int port_ = 0;
};

// The side of any other rank: a connection to rank 0, which listens at host:port, once all ranks are there. Tries again
// for as long as the limits say while nobody answers.
Descriptor join_gang(const std::string& host, int port, const GangSeat& seat, const MeetingLimits& limits);

}  // namespace checkerlab
