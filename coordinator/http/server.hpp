// The HTTP server: accepts connections and runs each as a coroutine on one io_context thread.
//
// Confined to that thread. Bounded: headers, bodies, connections, rates and silence (server_limits.hpp). Endpoints are
// the router's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "coordinator/auth/authenticator.hpp"
#include "coordinator/auth/origin_rules.hpp"
#include "coordinator/http/request_counters.hpp"
#include "coordinator/http/router.hpp"
#include "coordinator/http/server_limits.hpp"
#include "rpc/net_stream.hpp"

namespace checkerlab::coordinator {

using OnRefused = std::function<void(const Request& request, const Route& route, unsigned status)>;

// What every connection works with; all of it outlives the server.
struct ServerParts {
  const Router& router;
  Authenticator& authenticator;
  const OriginRules& origins;
  RequestCounters& counters;
  const Clock& clock;
  rpc::TlsContext tls;   // null: plain HTTP
  OnRefused on_refused;  // someone known asked for what their role does not give; may be empty
};

class Server {
 public:
  // Binds and listens at once. A taken port and an address that is not this machine's throw Error(conflict) or
  // Error(invalid_argument) that say what to do.
  Server(boost::asio::io_context& context, const std::string& host, std::uint16_t port, ServerParts parts,
         ServerLimits limits = {});
  ~Server();

  std::uint16_t port() const;  // the real one when 0 was asked for
  void start();

  // Stops accepting and ends the connections that wait for a request; those that answer one, go on.
  void stop_accepting();
  // Ends every connection, whatever it does.
  void close_all();
  // Ends what stays open in the name of this token: event streams, transfers, workers' connections.
  void close_streams_of(const std::string& token);
  std::size_t connections() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace checkerlab::coordinator
