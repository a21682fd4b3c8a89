#include "coordinator/http/server.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "base/error.hpp"
#include "coordinator/http/connection.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

[[noreturn]] void refuse_bind(const std::string& host, std::uint16_t port, error_code error) {
  const auto where = host + ":" + std::to_string(port);
  if (error == asio::error::address_in_use) {
    throw Error(
        ErrorCode::conflict, "cannot listen on " + where + ": the port is in use",
        "Stop the program that uses it, or choose another with --listen " + host + ":PORT (port 0 takes a free one).");
  }
  throw Error(ErrorCode::invalid_argument, "cannot listen on " + where + ": " + error.message(),
              "Give an address of this machine with --listen HOST:PORT.");
}

tcp::acceptor listen(asio::io_context& context, const std::string& host, std::uint16_t port) {
  tcp::resolver resolver(context);
  error_code error;
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty()) refuse_bind(host, port, error);
  const tcp::endpoint endpoint = *found.begin();
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) refuse_bind(host, port, error);
  return acceptor;
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& context, const std::string& host, std::uint16_t port, ServerParts parts, ServerLimits limits)
      : context_(context),
        acceptor_(listen(context, host, port)),
        parts_(std::move(parts)),
        limits_(limits),
        rates_{RateLimiter(limits.token_rate), RateLimiter(limits.address_rate)} {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void start() { asio::co_spawn(context_, accept(shared_from_this()), asio::detached); }

  void stop_accepting() {
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& [id, connection] : copy()) {
      connection->finish_soon();
      if (!connection->busy()) connection->cancel();
    }
  }

  void close_all() {
    for (const auto& [id, connection] : copy())
      connection->cancel();
  }

  void close_streams_of(const std::string& token) {
    for (const auto& [id, connection] : copy()) {
      if (connection->streams_for(token)) connection->cancel();
    }
  }

  std::size_t connections() const { return connections_.size(); }

 private:
  using Connections = std::unordered_map<std::uint64_t, std::shared_ptr<Connection>>;

  Connections copy() const { return connections_; }  // a cancelled connection removes itself

  static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
    asio::steady_timer pause(self->context_);
    while (self->acceptor_.is_open()) {
      error_code error;
      auto socket = co_await self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) {
        self->take(std::move(socket));
      } else if (self->acceptor_.is_open()) {  // out of descriptors, say: try again soon
        spdlog::warn("cannot accept a connection: {}", error.message());
        pause.expires_after(std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::use_awaitable);
      }
    }
  }

  void take(tcp::socket socket) {
    const auto id = ++last_id_;
    const auto address = remote_address(socket);
    auto& from_there = by_address_[address];
    auto connection = std::make_shared<Connection>(std::move(socket), parts_, limits_, rates_, overload(from_there));
    ++from_there;
    connections_.emplace(id, connection);
    asio::co_spawn(context_, connection->run(),
                   asio::bind_cancellation_slot(connection->signal().slot(),
                                                [self = shared_from_this(), id, address,
                                                 connection](std::exception_ptr) { self->forget(id, address); }));
  }

  void forget(std::uint64_t id, const std::string& address) {
    connections_.erase(id);
    const auto from_there = by_address_.find(address);
    if (--from_there->second == 0) by_address_.erase(from_there);
  }

  // Why another connection is too many; empty: it is not.
  std::string overload(std::size_t from_there) const {
    if (connections_.size() >= limits_.connections)
      return "the coordinator has " + std::to_string(limits_.connections) + " connections open";
    if (from_there >= limits_.connections_per_address)
      return "your address has " + std::to_string(from_there) + " connections open here";
    return {};
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
  const ServerParts parts_;
  const ServerLimits limits_;
  RequestRates rates_;
  Connections connections_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::uint64_t last_id_ = 0;
};

Server::Server(asio::io_context& context, const std::string& host, std::uint16_t port, ServerParts parts,
               ServerLimits limits)
    : impl_(std::make_shared<Impl>(context, host, port, std::move(parts), limits)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}
void Server::start() {
  impl_->start();
}
void Server::stop_accepting() {
  impl_->stop_accepting();
}
void Server::close_all() {
  impl_->close_all();
}
void Server::close_streams_of(const std::string& token) {
  impl_->close_streams_of(token);
}
std::size_t Server::connections() const {
  return impl_->connections();
}

}  // namespace checkerlab::coordinator
