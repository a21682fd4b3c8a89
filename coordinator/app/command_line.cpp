#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "base/version.hpp"
#include "coordinator/app/limit_options.hpp"
#include "coordinator/app/options.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  checkerlab-coordinator\n"
    "  checkerlab-coordinator --data /srv/checkerlab --listen 127.0.0.1:8765\n"
    "  checkerlab-coordinator --listen 10.0.0.5:8765 --tls-cert lab.pem --tls-key lab.key --host-name lab.example\n"
    "  checkerlab-coordinator --listen 10.0.0.5:8765 --allow-plain-http-on-network --host-name lab.example\n\n"
    "checkerlab-coordinator backup, restore, verify and gc work on a data directory instead; each has --help.\n\n"
    "The data directory holds the database, the artifacts, the owner-only token file and, while the coordinator runs,\n"
    "coordinator.json, by which the command line and local workers find it.";

std::chrono::milliseconds seconds(double count) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(count * 1000));
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Schedules the jobs of studies on workers, keeps their results and serves the API and the web page.");
  app.name("checkerlab-coordinator");
  app.footer(kFooter);
  app.set_version_flag("--version", version_string());
  Options options;
  std::string data;
  std::string listen = "127.0.0.1:8765";
  double lease = 15;
  double heartbeat = 5;
  app.add_option("--data", data, "Data directory (default: $CHECKERLAB_HOME or ~/.local/share/checkerlab)")
      ->type_name("DIR");
  app.add_option("--listen", listen, "Address to listen on; port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_flag("--allow-plain-http-on-network", options.allow_plain_http_on_network,
               "Allow an address that other machines reach, although the connection is not encrypted");
  auto* certificate = app.add_option("--tls-cert", options.tls_certificate,
                                     "PEM file of the certificate: HTTPS is spoken, and nothing else")
                          ->type_name("FILE");
  app.add_option("--tls-key", options.tls_key, "PEM file of its key, readable by its owner alone")
      ->type_name("FILE")
      ->needs(certificate);
  app.add_option("--host-name", options.host_names, "Another name that clients use for this machine (repeatable)")
      ->type_name("NAME");
  app.add_option("--lease", lease, "Seconds without a heartbeat after which an attempt counts as lost")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--heartbeat", heartbeat, "Seconds between the heartbeats of a worker")
      ->check(CLI::Range(0.05, 1200.0))
      ->capture_default_str();
  app.add_option_function<int>(
         "--keep-audit", [&options](int days) { options.keep_audit = std::chrono::hours(24) * days; },
         "Days that entries of the audit log are kept")
      ->check(CLI::Range(1, 36'500))
      ->default_str("365")
      ->type_name("DAYS");
  add_limit_options(app, options.limits);
  app.add_option("--log-level", options.log_level, "trace, debug, info, warn, error or off")->capture_default_str();
  try {
    app.parse(argc, argv);
    if (heartbeat * 2 > lease) {
      throw Error(ErrorCode::invalid_argument, "--heartbeat must be at most half of --lease");
    }
    if (options.tls_certificate.empty() != options.tls_key.empty())
      throw Error(ErrorCode::invalid_argument, "--tls-cert needs --tls-key");
    set_listen_address(options, listen);
    options.lease = seconds(lease);
    options.heartbeat = seconds(heartbeat);
    options.data = data.empty() ? rpc::default_data_directory() : std::filesystem::path(data);
  } catch (const CLI::ParseError& error) {
    return {.options = std::nullopt, .exit_code = app.exit(error) == 0 ? 0 : 2};
  } catch (const Error& error) {
    std::cerr << "error: " << error.full_text() << '\n';
    return {.options = std::nullopt, .exit_code = 2};
  }
  return {.options = options, .exit_code = 0};
}

}  // namespace checkerlab::coordinator
