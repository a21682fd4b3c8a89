// Where a coordinator listens and how to prove who asks.
//
// A local coordinator writes `coordinator.json` ({url, pid}) and an owner-only `token` file into its data directory;
// the CLI and the worker find both there. The environment variables CHECKERLAB_URL and CHECKERLAB_TOKEN win over the
// files, and CHECKERLAB_TLS_CA names whom https is trusted through. Everything here is a pure function of its
// arguments, the environment and the files named; failures throw checkerlab::Error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace checkerlab::rpc {

// Host, port and bearer token of one coordinator, and whether it is spoken to over TLS.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  std::string token;
  bool tls = false;
  std::filesystem::path authority_file;  // PEM of whom to trust; empty: whom the system trusts
  std::filesystem::path certificate;     // PEM of exactly this coordinator, whatever its names: it stands beside us

  std::string authority() const;  // "127.0.0.1:8765"; an IPv6 host is put in brackets
  std::string url() const;        // "http://127.0.0.1:8765" or "https://…"
};

// The contents of `coordinator.json`.
struct CoordinatorFile {
  std::string url;
  std::int64_t pid = 0;
  std::filesystem::path certificate;  // of a coordinator that speaks TLS
};

// Accepts `http://host[:port]`, `https://host[:port]` and `host:port`; port 8765 unless given. Refuses user names,
// paths and bad ports. https is trusted through CHECKERLAB_TLS_CA when that is set.
Endpoint parse_endpoint(std::string_view url, std::string token = {});

// `$CHECKERLAB_HOME`, else `$XDG_DATA_HOME/checkerlab`, else `~/.local/share/checkerlab`.
std::filesystem::path default_data_directory();

std::filesystem::path coordinator_file_path(const std::filesystem::path& data_directory);
std::filesystem::path token_file_path(const std::filesystem::path& data_directory);

// Where a coordinator of this machine listens, as its file says.
Endpoint endpoint_of(const CoordinatorFile& file, std::string token);

// Nothing when no file exists (no coordinator runs there); a file that is there but damaged is an error.
std::optional<CoordinatorFile> read_coordinator_file(const std::filesystem::path& data_directory);

// Nothing when no local coordinator runs in `data_directory` (no file, or its process is gone) and CHECKERLAB_URL is
// unset.
std::optional<Endpoint> find_endpoint(const std::filesystem::path& data_directory);

// As find_endpoint, but absence is an error that says how to start a coordinator.
Endpoint discover_endpoint(const std::filesystem::path& data_directory);

}  // namespace checkerlab::rpc
