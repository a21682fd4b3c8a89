#include "coordinator/app/options.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "--listen " + text + ": " + why,
              "Give it as HOST:PORT, for example 127.0.0.1:8765.");
}

}  // namespace

void set_listen_address(Options& options, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) refuse(text, "a host and a port are expected");
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const char* end_of_text = text.data() + text.size();
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, end_of_text, port);
  if (error != std::errc{} || end != end_of_text || port > 65535) refuse(text, "the port must be 0 to 65535");
  if (host.empty()) refuse(text, "the host is missing");
  options.host = host;
  options.port = static_cast<std::uint16_t>(port);
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

void require_safe_bind(const Options& options) {
  if (!options.tls_certificate.empty() || options.allow_plain_http_on_network || is_loopback(options.host)) return;
  throw Error(ErrorCode::forbidden,
              "listening on " + options.host + " would send tokens and results over the network unencrypted",
              "Give it a certificate with --tls-cert and --tls-key, listen on 127.0.0.1 behind an SSH tunnel, or, on a "
              "network you trust, add --allow-plain-http-on-network.");
}

ServerLimits limits_of(const Options& options) {
  auto limits = options.limits;
  if (is_loopback(options.host)) {
    limits.connections_per_address = limits.connections;
    limits.address_rate = 0;
  }
  return limits;
}

}  // namespace checkerlab::coordinator
