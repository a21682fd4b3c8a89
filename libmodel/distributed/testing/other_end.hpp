// For tests: one real rank of two whose other end is the test, which speaks the frames by hand.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/distributed/rank_socket.hpp"
#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {

struct OtherEnd {
  // `rank` is the real one.
  explicit OtherEnd(int rank, std::chrono::milliseconds standstill = std::chrono::minutes(10)) {
    auto sockets = make_rank_sockets(2);
    socket = std::move(sockets[rank == 0 ? 1 : 0].front());
    real = make_socket_rank({.rank = rank, .size = 2, .timeout = std::chrono::minutes(10), .standstill = standstill},
                            std::move(sockets[rank == 0 ? 0 : 1]));
  }

  void say(FrameKind kind, std::string_view text = {}) const {
    const FrameHeader header{.kind = kind, .type = static_cast<std::uint32_t>(c10::kLong), .bytes = text.size()};
    std::string frame(reinterpret_cast<const char*>(&header), sizeof header);
    frame += text;
    ASSERT_EQ(::send(socket.get(), frame.data(), frame.size(), MSG_NOSIGNAL), static_cast<ssize_t>(frame.size()));
  }

  FrameHeader hear() const {
    FrameHeader header;
    EXPECT_EQ(::recv(socket.get(), &header, sizeof header, MSG_WAITALL), ssize_t{sizeof header});
    return header;
  }

  Descriptor socket;
  std::unique_ptr<Communicator> real;
};

}  // namespace checkerlab::model
