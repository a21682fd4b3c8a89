// TLS as clients and the coordinator use it: version 1.2 or later, certificates checked. Failures throw Error that
// names the file.
#pragma once

#include <filesystem>
#include <string>

#include "rpc/endpoint.hpp"
#include "rpc/net_stream.hpp"

namespace checkerlab::rpc {

// For a server: certificate (with what leads to its authority) and key, both PEM. A key that others than its owner may
// read is refused.
TlsContext server_tls(const std::filesystem::path& certificate, const std::filesystem::path& key);

// For a client: nothing for http, else the trust that the endpoint names.
TlsContext client_tls(const Endpoint& endpoint);

// Before a handshake: which name the other side has to prove.
void expect_server(NetStream& stream, const Endpoint& endpoint);

}  // namespace checkerlab::rpc
