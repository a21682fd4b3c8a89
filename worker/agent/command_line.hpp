// The worker's options as the user gave them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/artifact_source.hpp"

namespace checkerlab::worker {

struct CommandLine {
  std::filesystem::path data;        // data directory of a local coordinator; wins over `url`
  std::string url;                   // both empty: find the local coordinator of this user
  std::filesystem::path token_file;  // empty: CHECKERLAB_TOKEN, else the token of the default data directory
  std::filesystem::path tls_ca;      // empty: CHECKERLAB_TLS_CA, else whom the system trusts
  std::string name;
  int slots = 1;
  int prefetch = 4;
  std::string device = "auto";
  std::filesystem::path cache;
  std::uint64_t cache_limit = 20'000'000'000;
  std::string log_level = "info";
  std::vector<std::string> labels;  // "name=value" each
  std::string gang_host;            // empty: the address that the coordinator is reached from
};

// Nothing to run when help or the version was asked for, or the usage was wrong: then `exit_code` says how to end.
struct ParsedCommandLine {
  std::optional<CommandLine> options;
  int exit_code = 0;
};

ParsedCommandLine parse_command_line(int argc, char** argv);

// Where the coordinator is and its token, looked up anew at each call, so that one that came back on another port is
// found. Throws Error: unavailable when no coordinator runs there now, anything else when the token cannot be read or
// the address cannot be.
EndpointProvider endpoint_provider(const CommandLine& options);

}  // namespace checkerlab::worker
