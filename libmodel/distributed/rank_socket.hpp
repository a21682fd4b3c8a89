// Frames between two ranks over a connected stream socket, with deadlines and a way to be interrupted.
//
// A frame is a header and `bytes` of payload. Every call throws Error: unavailable when the other rank's end is closed
// its host cannot be reached any more ("rank 1 is gone") or its process does not run ("rank 1 stands still"), timeout
// when the deadline passes ("rank 1 was silent"), cancelled when the interrupt descriptor became readable. After any of
// these the socket is of no more use but for last_words(). Not thread-safe.
//
// Standing still. A rank beats: every few seconds it sends an empty frame on every socket, whatever it waits for. Who
// waits for a frame of a rank that has beaten once, and hears nothing for longer than `standstill`, gives it up.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/pipe.hpp"

namespace checkerlab::model {

enum class FrameKind : std::uint32_t { sum = 1, broadcast = 2, failure = 3, leave = 4, beat = 5 };

struct FrameHeader {
  static constexpr std::uint32_t kMagic = 0x524b4e31;

  std::uint32_t magic = kMagic;
  FrameKind kind = FrameKind::sum;
  std::uint32_t type = 0;      // of the numbers, as c10::ScalarType
  std::uint32_t reserved = 0;  // zero
  std::uint64_t number = 0;    // of the operation
  std::uint64_t bytes = 0;
};

class RankSocket {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // What the rank at this end does about standing still.
  struct Watch {
    std::chrono::milliseconds standstill;
    std::function<Deadline()> on_wait;  // beats on all sockets when it is time to; gives when it is again
  };

  // Owns `socket`; `interrupt` must outlive it.
  RankSocket(Descriptor socket, int peer, int interrupt, Watch watch);

  int peer() const { return peer_; }
  int descriptor() const { return socket_.get(); }

  void send(const FrameHeader& header, const std::vector<std::span<std::byte>>& payload, Deadline deadline);
  // The header of the next frame, which may be a beat; its payload must be received before the next header is.
  FrameHeader receive_header(Deadline deadline);
  void receive(std::span<std::byte> payload, Deadline deadline);
  std::string receive_text(std::uint64_t bytes, Deadline deadline);

  // Says that this rank runs, without waiting, unless an unfinished frame is in the way.
  void beat() noexcept;
  // Throws when nothing came for too long. Not before the other rank's first frame, which may have much to load.
  void expect_running() const;
  // This rank itself did not run for so long: it could not hear.
  void excuse(std::chrono::steady_clock::duration time);

  // Says why this rank failed, without waiting, unless an unfinished frame is in the way.
  void last_words(std::string_view text) noexcept;
  // Says that this rank goes, in order; whether that arrives is no longer its concern.
  void send_leave(Deadline deadline) noexcept;

 private:
  void await(short events, Deadline deadline);
  // `more` of the same frame follows.
  void send_all(std::span<const std::byte> data, bool more, Deadline deadline);

  Descriptor socket_;
  int peer_, interrupt_;
  Watch watch_;
  std::optional<Deadline> heard_;  // when something came last
  std::vector<std::byte> owed_;    // rest of a beat that was partly sent
  bool sending_ = false;           // a frame is partly sent
};

// For poll(); a minute at most.
int milliseconds_until(RankSocket::Deadline deadline);

}  // namespace checkerlab::model
