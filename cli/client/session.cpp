#include "cli/client/session.hpp"

#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "cli/client/token.hpp"

namespace checkerlab::cli {
namespace {

constexpr std::size_t kPage = 1000;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string token_of(const Context& context) {
  if (context.options.token_file) return read_token(*context.options.token_file);
  if (auto token = environment("CHECKERLAB_TOKEN"); !token.empty()) return token;
  const auto file = rpc::token_file_path(context.data_directory());
  if (std::filesystem::exists(file)) return read_token(file);
  throw Error(
      ErrorCode::unauthorized, "no access token for the coordinator: " + file.string() + " does not exist",
      "Pass --token-file FILE or set CHECKERLAB_TOKEN; the file `token` of the coordinator's data directory holds it.");
}

rpc::Endpoint endpoint_at(const std::string& url, const Context& context) {
  auto endpoint = rpc::parse_endpoint(url, token_of(context));
  if (context.options.tls_ca) endpoint.authority_file = *context.options.tls_ca;
  return endpoint;
}

// --url wins, then --data, then CHECKERLAB_URL, then the default data directory.
std::optional<rpc::Endpoint> named_endpoint(const Context& context) {
  if (!context.options.url.empty()) return endpoint_at(context.options.url, context);
  if (context.options.data) return std::nullopt;
  const std::string url = environment("CHECKERLAB_URL");
  if (url.empty()) return std::nullopt;
  return endpoint_at(url, context);
}

Error none_runs(const Context& context) {
  const std::string data = context.data_directory().string();
  return {ErrorCode::unavailable, "no coordinator runs on " + data,
          "Start one with `checkerlab-coordinator --data " + data +
              "` (`checkerlab run STUDY.yaml` starts one by itself), or name another with --url or --data."};
}

std::string with_cursor(const std::string& target, const std::string& cursor) {
  const std::string paged =
      target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=" + std::to_string(kPage);
  return cursor.empty() ? paged : paged + "&cursor=" + rpc::escape_query(cursor);
}

}  // namespace

Session::Session(rpc::Endpoint endpoint, std::stop_token stop)
    : http_(std::make_unique<rpc::HttpClient>(std::move(endpoint), rpc::HttpOptions{.stop = std::move(stop)})) {}

Session::Session(LocalServer server, std::stop_token stop)
    : local_(std::move(server)),
      http_(std::make_unique<rpc::HttpClient>(local_->endpoint(), rpc::HttpOptions{.stop = std::move(stop)})) {}

void Session::own(LocalServer server) {
  local_.emplace(std::move(server));
}

void Session::stop() {
  if (local_) local_->stop();
}

rpc::Json Session::all_items(const std::string& target, std::size_t most) {
  rpc::Json items = rpc::Json::array();
  std::string cursor;
  do {
    const rpc::Json page = http_->get(with_cursor(target, cursor));
    for (const auto& item : page.at("items"))
      items.push_back(item);
    const auto next = page.find("next_cursor");
    cursor = next != page.end() && next->is_string() ? next->get<std::string>() : "";
  } while (!cursor.empty() && items.size() < most);
  return items;
}

std::optional<rpc::Endpoint> find_coordinator(const Context& context) {
  if (auto endpoint = named_endpoint(context)) return endpoint;
  auto endpoint = running_coordinator(context.data_directory(), context.console.stop);
  if (endpoint && context.options.token_file) endpoint->token = read_token(*context.options.token_file);
  return endpoint;
}

bool has_database(const Context& context) {
  return std::filesystem::exists(context.data_directory() / "checkerlab.db");
}

Session connect(const Context& context) {
  auto endpoint = find_coordinator(context);
  if (!endpoint) throw none_runs(context);
  return Session(*endpoint, context.console.stop);
}

Session connect_to_read(const Context& context) {
  if (auto endpoint = find_coordinator(context)) return Session(*endpoint, context.console.stop);
  if (!has_database(context)) throw none_runs(context);
  return Session(LocalServer::start(context.data_directory(), context.console.stop), context.console.stop);
}

}  // namespace checkerlab::cli
