#include "worker/agent/command_line.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/version.hpp"

namespace checkerlab::worker {
namespace {

constexpr const char* kDescription =
    "A worker: takes jobs from a Checkerlab coordinator, does them, and reports. Stop it with SIGTERM or Ctrl-C; what "
    "it was\n"
    "doing goes on elsewhere from its last checkpoint.";

constexpr const char* kExamples =
    "Examples:\n"
    "  checkerlab-worker                                   # for the coordinator of this machine\n"
    "  checkerlab-worker --data /srv/checkerlab            # for the coordinator with that data directory\n"
    "  checkerlab-worker --url http://10.0.0.5:8765 --token-file ~/token --name gpu-3\n"
    "  checkerlab-worker --label gpu=h100 --label site=a   # for studies that ask for them\n"
    "  checkerlab-worker --name gpu-1 --device cuda:1      # one worker a GPU; trainings may run over several\n"
    "  checkerlab-worker --url https://lab.example:8765 --gang-host 10.0.0.7   # the others find it there\n"
    "  checkerlab-worker --device cpu --slots 2 --cache /scratch/checkerlab --cache-limit 5GB\n"
    "\n"
    "Environment: CHECKERLAB_URL, CHECKERLAB_TOKEN and CHECKERLAB_TLS_CA stand for --url, the contents of --token-file "
    "and "
    "--tls-ca.";

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "worker";
}

std::string label_problem(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return "'" + text + "' is no label: write name=value";
  if (equals > kLongest || text.size() - equals - 1 > kLongest)
    return "a label's name and value have at most 100 bytes";
  return "";
}

std::string device_problem(const std::string& text) {
  const auto digits = text.starts_with("cuda:") ? text.substr(5) : "";
  const bool numbered = !digits.empty() && digits.size() <= 3 && digits.find_first_not_of("0123456789") == digits.npos;
  if (numbered || text == "auto" || text == "cpu" || text == "cuda") return "";
  return "'" + text + "' is no device: use auto, cpu, cuda or cuda:N";
}

void declare(CLI::App& app, CommandLine& options) {
  app.set_version_flag("--version", version_string());
  app.footer(kExamples);
  auto* data =
      app.add_option("--data", options.data, "Data directory of a coordinator of this machine: its address and token");
  app.add_option("--url", options.url,
                 "The coordinator, http://HOST:PORT or https://… (default: the one of this machine)")
      ->excludes(data);
  app.add_option("--token-file", options.token_file, "File with the coordinator's token")
      ->check(CLI::ExistingFile)
      ->excludes(data);
  app.add_option("--tls-ca", options.tls_ca,
                 "PEM file of the authority that an https coordinator is trusted through (default: the system's)")
      ->check(CLI::ExistingFile);
  app.add_option("--name", options.name, "What people call this worker (default: the host's name)");
  app.add_option("--slots", options.slots, "Jobs at the same time, each in its own process")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--prefetch", options.prefetch, "Jobs that wait here while the slots are busy")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app.add_option("--device", options.device, "What computes: auto, cpu, cuda or cuda:N")
      ->check(device_problem)
      ->capture_default_str();
  app.add_option("--label", options.labels, "What jobs may ask for: name=value, as often as wanted")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check(label_problem);
  app.add_option(
      "--gang-host", options.gang_host,
      "Address of this machine at which the other workers of a training reach this one (default: the one that "
      "it reaches the coordinator from)");
  app.add_option("--cache", options.cache, "Folder for artifacts; workers may share it")->capture_default_str();
  app.add_option("--cache-limit", options.cache_limit,
                 "Size at which the longest unused artifacts go, such as 500MB or 20GB")
      ->transform(CLI::AsSizeValue(true))
      ->default_str("20GB");
  app.add_option("--log-level", options.log_level, "How much is written to standard error")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string read_token(const CommandLine& options) {
  const char* given = std::getenv("CHECKERLAB_TOKEN");
  if (options.token_file.empty() && given != nullptr) return given;
  const auto file =
      options.token_file.empty() ? rpc::token_file_path(rpc::default_data_directory()) : options.token_file;
  return trimmed(SystemFiles().read(file));
}

}  // namespace

ParsedCommandLine parse_command_line(int argc, char** argv) {
  CommandLine options;
  options.name = host_name();
  options.cache = rpc::default_data_directory() / "worker";
  CLI::App app(kDescription, "checkerlab-worker");
  declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : 2};
  }
  return {options, 0};
}

EndpointProvider endpoint_provider(const CommandLine& options) {
  if (!options.data.empty()) {
    return [folder = options.data] {
      const auto file = rpc::read_coordinator_file(folder);
      if (!file) {
        throw Error(ErrorCode::unavailable, "no coordinator runs in " + folder.string(),
                    "start one: checkerlab-coordinator --data " + folder.string());
      }
      return rpc::endpoint_of(*file, trimmed(SystemFiles().read(rpc::token_file_path(folder))));
    };
  }
  if (options.url.empty()) return [] { return rpc::discover_endpoint(rpc::default_data_directory()); };
  return [options] {
    auto endpoint = rpc::parse_endpoint(options.url, read_token(options));
    if (!options.tls_ca.empty()) endpoint.authority_file = options.tls_ca;
    return endpoint;
  };
}

}  // namespace checkerlab::worker
