// What the operator chose on the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/http/server_limits.hpp"

namespace checkerlab::coordinator {

struct Options {
  std::filesystem::path data;  // made when it is not there
  std::string host = "127.0.0.1";
  std::uint16_t port = 8765;
  bool allow_plain_http_on_network = false;
  std::filesystem::path tls_certificate;  // PEM, with what leads to its authority; empty: plain HTTP
  std::filesystem::path tls_key;
  std::vector<std::string> host_names;  // accepted in Host beside the loopback's and `host`
  std::chrono::milliseconds lease{15'000};
  std::chrono::milliseconds heartbeat{5'000};
  std::string log_level = "info";
  ServerLimits limits;
  std::chrono::hours keep_audit{365 * 24};
};

// Nothing when the program should end at once (--help, --version, or a mistake): `exit_code` says how, the text was
// printed.
struct CommandLine {
  std::optional<Options> options;
  int exit_code = 0;
};

CommandLine parse_command_line(int argc, const char* const* argv);

// "HOST:PORT" or "[IPV6]:PORT"; port 0 is allowed. Throws Error(invalid_argument).
void set_listen_address(Options& options, const std::string& text);

// Throws Error(forbidden) for an address beyond the loopback without TLS, unless that was explicitly allowed.
void require_safe_bind(const Options& options);

// What the server enforces: on the loopback everybody has the same address, so that limits by address are void.
ServerLimits limits_of(const Options& options);

bool is_loopback(const std::string& host);

}  // namespace checkerlab::coordinator
