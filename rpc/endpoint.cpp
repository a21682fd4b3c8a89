#include "rpc/endpoint.hpp"

#include <signal.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::rpc {
namespace {

constexpr std::uint16_t kDefaultPort = 8765;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::string> read_small_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

[[noreturn]] void refuse_url(std::string_view url, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "coordinator address '" + std::string(url) + "': " + why,
              "Give it as http://HOST:PORT, for example http://127.0.0.1:8765.");
}

std::uint16_t parse_port(std::string_view url, std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) {
    refuse_url(url, "'" + std::string(text) + "' is no port (1 to 65535)");
  }
  return static_cast<std::uint16_t>(value);
}

bool process_runs(std::int64_t pid) {
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

}  // namespace

std::string Endpoint::authority() const {
  const bool bracket = host.find(':') != std::string::npos;
  return (bracket ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Endpoint::url() const {
  return (tls ? "https://" : "http://") + authority();
}

Endpoint parse_endpoint(std::string_view url, std::string token) {
  std::string_view rest = url;
  const bool tls = rest.starts_with("https://");
  if (tls) rest.remove_prefix(8);
  if (!tls && rest.starts_with("http://")) rest.remove_prefix(7);
  while (rest.ends_with('/'))
    rest.remove_suffix(1);
  if (rest.find_first_of("/?#@ ") != std::string_view::npos) refuse_url(url, "only a host and a port are expected");
  Endpoint endpoint{.host = {}, .port = kDefaultPort, .token = std::move(token), .tls = tls};
  if (tls) endpoint.authority_file = environment("CHECKERLAB_TLS_CA");
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) refuse_url(url, "the bracket of the IPv6 address is not closed");
    endpoint.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() != ':') refuse_url(url, "a port is expected behind the bracket");
    if (!rest.empty()) port = rest.substr(1);
    if (!rest.empty() && port.empty()) refuse_url(url, "the port is missing behind the colon");
  } else {
    const auto colon = rest.find(':');
    endpoint.host = rest.substr(0, colon);
    if (colon != std::string_view::npos) port = rest.substr(colon + 1);
    if (colon != std::string_view::npos && port.empty()) refuse_url(url, "the port is missing behind the colon");
  }
  if (endpoint.host.empty()) refuse_url(url, "the host is missing");
  if (!port.empty()) endpoint.port = parse_port(url, port);
  return endpoint;
}

std::filesystem::path default_data_directory() {
  if (auto home = environment("CHECKERLAB_HOME"); !home.empty()) return home;
  if (auto data = environment("XDG_DATA_HOME"); !data.empty()) return std::filesystem::path(data) / "checkerlab";
  if (auto home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".local/share/checkerlab";
  throw Error(ErrorCode::invalid_argument, "no data directory: neither CHECKERLAB_HOME nor HOME is set",
              "Set CHECKERLAB_HOME or pass --data DIR.");
}

std::filesystem::path coordinator_file_path(const std::filesystem::path& data_directory) {
  return data_directory / "coordinator.json";
}

std::filesystem::path token_file_path(const std::filesystem::path& data_directory) {
  return data_directory / "token";
}

std::optional<CoordinatorFile> read_coordinator_file(const std::filesystem::path& data_directory) {
  const auto path = coordinator_file_path(data_directory);
  const auto text = read_small_file(path);
  if (!text) return std::nullopt;
  const auto json = parse_json(*text, path.string());
  const Fields fields(json, path.string());
  return CoordinatorFile{
      .url = fields.text("url"), .pid = fields.integer("pid", 1), .certificate = fields.text_or("certificate", "")};
}

Endpoint endpoint_of(const CoordinatorFile& file, std::string token) {
  auto endpoint = parse_endpoint(file.url, std::move(token));
  endpoint.certificate = file.certificate;
  return endpoint;
}

std::optional<Endpoint> find_endpoint(const std::filesystem::path& data_directory) {
  std::string token = environment("CHECKERLAB_TOKEN");
  if (token.empty()) token = trimmed(read_small_file(token_file_path(data_directory)).value_or(""));
  if (const auto url = environment("CHECKERLAB_URL"); !url.empty()) return parse_endpoint(url, token);
  const auto file = read_coordinator_file(data_directory);
  if (!file || !process_runs(file->pid)) return std::nullopt;
  return endpoint_of(*file, token);
}

Endpoint discover_endpoint(const std::filesystem::path& data_directory) {
  if (auto endpoint = find_endpoint(data_directory)) return *endpoint;
  throw Error(ErrorCode::unavailable, "no coordinator runs on " + data_directory.string(),
              "Start one with: checkerlab-coordinator --data " + data_directory.string() +
                  " (or set CHECKERLAB_URL and CHECKERLAB_TOKEN to use another machine's).");
}

}  // namespace checkerlab::rpc
