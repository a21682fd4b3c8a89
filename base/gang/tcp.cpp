#include "base/gang/tcp.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{50};  // between two questions whether the wait was cancelled
constexpr int kBacklog = 128;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses addresses_of(const std::string& host, int port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    throw Error(code == EAI_NONAME ? ErrorCode::invalid_argument : ErrorCode::unavailable,
                "the host '" + host + "' is not known here: " + ::gai_strerror(code),
                "Start the worker of rank 0 with --gang-host and an address that the other workers can reach");
  return {found, ::freeaddrinfo};
}

Descriptor socket_for(const addrinfo& address) {
  return Descriptor(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void set(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);  // all of them only make things better
}

void prepare(int socket) {
  constexpr int kIdleSeconds = 10, kProbeSeconds = 5, kProbes = 4, kUnansweredMilliseconds = 30'000;
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnansweredMilliseconds);
}

Error gone(int error) {
  return {ErrorCode::unavailable, error == 0 ? "the other side closed the connection" : std::strerror(error)};
}

bool would_block(int error) {
  return error == EAGAIN || error == EINTR;
}

// False once it is past the deadline. Throws when cancelled.
bool poll_once(int socket, short events, GangDeadline deadline, const std::function<bool()>& cancelled) {
  if (cancelled()) throw Error(ErrorCode::cancelled, "the attempt was cancelled while ranks waited for each other");
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd watched{socket, events, 0};
  ::poll(&watched, socket < 0 ? 0 : 1, static_cast<int>(std::min(left + milliseconds(1), kTick).count()));
  return true;
}

bool is_ready(int socket, short events) {
  pollfd watched{socket, events, 0};
  return ::poll(&watched, 1, 0) > 0;
}

int error_of(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Descriptor listen_at(const std::string& host) {
  const Addresses addresses = addresses_of(host, 0, AI_PASSIVE);
  int error = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    Descriptor socket = socket_for(*one);
    if (socket.get() >= 0 && ::bind(socket.get(), one->ai_addr, one->ai_addrlen) == 0 &&
        ::listen(socket.get(), kBacklog) == 0)
      return socket;
    error = errno;
  }
  if (error != EADDRNOTAVAIL) throw errno_error(error, "listen at " + host);
  throw Error(ErrorCode::invalid_argument, "'" + host + "' is no address of this machine",
              "Start the worker with --gang-host and an address of its machine that the other workers can reach");
}

int port_of(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw errno_error(errno, "ask for a socket's port");
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Descriptor accept_from(const Descriptor& listener) {
  Descriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.get() >= 0) prepare(socket.get());
  return socket;
}

TcpPeer::TcpPeer(const std::string& host, int port, GangDeadline deadline, const std::function<bool()>& cancelled)
    : cancelled_(cancelled) {
  const Addresses addresses = addresses_of(host, port, 0);
  int error = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    socket_ = socket_for(*one);
    if (socket_.get() < 0) throw errno_error(errno, "make a socket");
    error = ::connect(socket_.get(), one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      await(POLLOUT, deadline);
      error = error_of(socket_.get());
    }
    if (error == 0) break;
  }
  if (error != 0) throw gone(error);
  prepare(socket_.get());
}

void TcpPeer::await(short events, GangDeadline deadline) {
  while (!is_ready(socket_.get(), events)) {
    if (!poll_once(socket_.get(), events, deadline, cancelled_))
      throw Error(ErrorCode::timeout, "the other side was silent");
  }
}

void TcpPeer::send(std::string_view bytes, GangDeadline deadline) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && !would_block(errno)) throw gone(errno);
    if (sent < 0) {
      await(POLLOUT, deadline);
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
}

std::string TcpPeer::receive(std::size_t bytes, GangDeadline deadline) {
  std::string got(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const auto count = ::recv(socket_.get(), got.data() + filled, bytes - filled, 0);
    if (count == 0) throw gone(0);
    if (count < 0 && !would_block(errno)) throw gone(errno);
    if (count < 0) {
      await(POLLIN, deadline);
    } else {
      filled += static_cast<std::size_t>(count);
    }
  }
  return got;
}

void pause_unless(const std::function<bool()>& cancelled, milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (poll_once(-1, 0, until, cancelled)) {
  }
}

}  // namespace checkerlab
