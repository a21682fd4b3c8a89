#include "coordinator/app/limit_options.hpp"

#include <chrono>

namespace checkerlab::coordinator {
namespace {

void add_seconds(CLI::App& app, const std::string& name, std::chrono::milliseconds& value, const std::string& text) {
  app.add_option_function<double>(
         name,
         [&value](double seconds) { value = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)); },
         text)
      ->check(CLI::Range(0.1, 3600.0))
      ->default_str(std::to_string(value.count() / 1000))
      ->group("Limits");
}

}  // namespace

void add_limit_options(CLI::App& app, ServerLimits& limits) {
  app.add_option("--max-connections", limits.connections, "Connections at the same time")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str()
      ->group("Limits");
  app.add_option("--max-connections-per-address", limits.connections_per_address,
                 "Connections from one address at the same time; on the loopback only --max-connections counts")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str()
      ->group("Limits");
  app.add_option("--max-event-streams", limits.event_streams, "Pages and commands that follow live at the same time")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str()
      ->group("Limits");
  app.add_option(
         "--token-rate", limits.token_rate,
         "Requests a second with one token, in bursts of five seconds' worth; 0: no limit. The owner's token has "
         "none")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group("Limits");
  app.add_option("--address-rate", limits.address_rate,
                 "The same for one address, whatever it sends; none on the loopback")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group("Limits");
  add_seconds(app, "--idle-timeout", limits.idle, "Longest silence inside a transfer and between two requests");
  add_seconds(app, "--header-timeout", limits.header, "For a request's header, and for agreeing on TLS");
  add_seconds(app, "--body-timeout", limits.body, "For the body of a request (of an artifact: for each MiB)");
}

}  // namespace checkerlab::coordinator
