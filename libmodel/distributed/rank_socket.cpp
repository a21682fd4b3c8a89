#include "libmodel/distributed/rank_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr std::uint64_t kLongestText = 64 << 10;
constexpr std::size_t kLongestLastWords = 4096;

// `error`: of the call that noticed; 0: the other end was closed.
Error gone(int peer, int error) {
  const bool ended = error == 0 || error == ECONNRESET || error == EPIPE;
  return {ErrorCode::unavailable,
          "rank " + std::to_string(peer) + " is gone: " + (ended ? "its process ended" : std::strerror(error))};
}

bool would_block(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

int milliseconds_until(RankSocket::Deadline deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return left <= 0 ? 0 : static_cast<int>(std::min<std::int64_t>(left + 1, 60'000));
}

RankSocket::RankSocket(Descriptor socket, int peer, int interrupt, Watch watch)
    : socket_(std::move(socket)), peer_(peer), interrupt_(interrupt), watch_(std::move(watch)) {
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  if (flags < 0 || ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK) != 0)
    throw errno_error(errno, "use the socket to rank " + std::to_string(peer));
}

void RankSocket::await(short events, Deadline deadline) {
  for (;;) {
    const Deadline next_beat = watch_.on_wait();
    std::array<pollfd, 2> watched{{{socket_.get(), events, 0}, {interrupt_, POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(std::min(deadline, next_beat)));
    if (ready < 0 && errno != EINTR) throw errno_error(errno, "wait for rank " + std::to_string(peer_));
    if (watched[1].revents != 0) throw Error(ErrorCode::cancelled, "the exchange with other ranks was given up");
    if (watched[0].revents != 0) return;
    if (std::chrono::steady_clock::now() >= deadline)
      throw Error(ErrorCode::timeout, "rank " + std::to_string(peer_) + " was silent");
    watch_.on_wait();  // excuses the other rank where it was this one that did not run
    if (events == POLLIN) expect_running();
  }
}

void RankSocket::send_all(std::span<const std::byte> data, bool more, Deadline deadline) {
  while (!data.empty()) {
    const auto sent = ::send(socket_.get(), data.data(), data.size(), MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (sent < 0 && !would_block(errno)) throw gone(peer_, errno);
    if (sent < 0) {
      await(POLLOUT, deadline);
    } else {
      data = data.subspan(static_cast<std::size_t>(sent));
    }
  }
}

void RankSocket::send(const FrameHeader& header, const std::vector<std::span<std::byte>>& payload, Deadline deadline) {
  sending_ = true;
  send_all(owed_, true, deadline);
  owed_.clear();
  send_all(std::as_bytes(std::span(&header, 1)), header.bytes > 0, deadline);
  std::size_t left = header.bytes;
  for (const auto part : payload) {
    left -= part.size();
    send_all(part, left > 0, deadline);
  }
  sending_ = false;
}

void RankSocket::receive(std::span<std::byte> payload, Deadline deadline) {
  watch_.on_wait();  // also where so much comes that nothing has to be waited for
  while (!payload.empty()) {
    const auto got = ::recv(socket_.get(), payload.data(), payload.size(), 0);
    if (got == 0) throw gone(peer_, 0);
    if (got < 0 && !would_block(errno)) throw gone(peer_, errno);
    if (got < 0) {
      await(POLLIN, deadline);
    } else {
      heard_ = std::chrono::steady_clock::now();
      payload = payload.subspan(static_cast<std::size_t>(got));
    }
  }
}

FrameHeader RankSocket::receive_header(Deadline deadline) {
  FrameHeader header;
  receive(std::as_writable_bytes(std::span(&header, 1)), deadline);
  if (header.magic != FrameHeader::kMagic)
    throw Error(ErrorCode::internal, "rank " + std::to_string(peer_) + " sent what is no frame");
  return header;
}

std::string RankSocket::receive_text(std::uint64_t bytes, Deadline deadline) {
  std::string text(std::min(bytes, kLongestText), '\0');
  receive(std::as_writable_bytes(std::span(text)), deadline);
  return text;
}

void RankSocket::beat() noexcept {
  if (sending_) return;
  const bool fresh = owed_.empty();
  const FrameHeader header{.kind = FrameKind::beat};
  const auto bytes = std::as_bytes(std::span(&header, 1));
  if (fresh) owed_.assign(bytes.begin(), bytes.end());
  const auto sent = ::send(socket_.get(), owed_.data(), owed_.size(), MSG_NOSIGNAL);
  if (sent > 0) {
    owed_.erase(owed_.begin(), owed_.begin() + sent);
  } else if (fresh) {
    owed_.clear();  // need not be sent: the other rank has much to read, or finds out when it reads
  }
}

void RankSocket::expect_running() const {
  if (!heard_ || std::chrono::steady_clock::now() < *heard_ + watch_.standstill) return;
  throw Error(ErrorCode::unavailable, "rank " + std::to_string(peer_) +
                                          " stands still: its process is there, but has not run for " +
                                          std::to_string(watch_.standstill.count()) + " ms");
}

void RankSocket::excuse(std::chrono::steady_clock::duration time) {
  if (heard_) *heard_ += time;
}

void RankSocket::send_leave(Deadline deadline) noexcept {
  try {
    send({.kind = FrameKind::leave}, {}, deadline);
  } catch (const Error&) {
    return;  // the other rank is gone already
  }
}

void RankSocket::last_words(std::string_view text) noexcept {
  if (sending_ || !owed_.empty()) return;
  text = text.substr(0, kLongestLastWords);
  std::array<std::byte, sizeof(FrameHeader) + kLongestLastWords> frame{};
  const FrameHeader header{.kind = FrameKind::failure, .bytes = text.size()};
  std::memcpy(frame.data(), &header, sizeof header);
  std::memcpy(frame.data() + sizeof header, text.data(), text.size());
  // One call, so that it is sent whole or not at all for all that matters: such a frame fits any socket's buffer.
  [[maybe_unused]] const auto sent = ::send(socket_.get(), frame.data(), sizeof header + text.size(), MSG_NOSIGNAL);
}

}  // namespace checkerlab::model
