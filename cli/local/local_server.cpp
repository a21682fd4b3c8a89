#include "cli/local/local_server.hpp"

#include <chrono>
#include <fstream>
#include <utility>

#include "base/error.hpp"
#include "cli/client/token.hpp"
#include "cli/local/programs.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kHealthTimeout{2'000};
constexpr milliseconds kLookAgain{25};
constexpr seconds kStartLimit{20};
constexpr seconds kGrace{5};

// The endpoint that the coordinator with this pid published in `data`, or of any when `pid` is 0.
std::optional<rpc::Endpoint> published_endpoint(const std::filesystem::path& data, pid_t pid) {
  const auto file = rpc::read_coordinator_file(data);
  if (!file || (pid != 0 && file->pid != pid)) return std::nullopt;
  const auto token = rpc::token_file_path(data);
  if (!std::filesystem::exists(token)) return std::nullopt;
  return rpc::endpoint_of(*file, read_token(token));
}

// A new data directory belongs to its owner alone: the token and all results lie in it.
void make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool fresh = std::filesystem::create_directories(folder, error);
  if (!error && fresh) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) {
    throw Error(ErrorCode::io_error, "cannot make the data directory " + folder.string() + ": " + error.message(),
                "Choose another with --data DIR or CHECKERLAB_HOME.");
  }
}

}  // namespace

bool answers(const rpc::Endpoint& endpoint, std::stop_token stop) {
  try {
    rpc::HttpClient client(
        endpoint, {.connect_timeout = kHealthTimeout, .idle_timeout = kHealthTimeout, .stop = std::move(stop)});
    return client.request(rpc::Method::kGet, "/healthz").status == 200;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return false;
  }
}

std::optional<rpc::Endpoint> running_coordinator(const std::filesystem::path& data, std::stop_token stop) {
  auto endpoint = published_endpoint(data, 0);
  if (!endpoint || !answers(*endpoint, std::move(stop))) return std::nullopt;
  return endpoint;
}

LocalServer::LocalServer(std::filesystem::path data) : data_(std::move(data)) {}

LocalServer::~LocalServer() {
  stop();
}

LocalServer LocalServer::start(const std::filesystem::path& data, const std::stop_token& stop) {
  make_private_folder(data);
  LocalServer server(data);
  server.coordinator_ = std::make_unique<LocalProcess>(
      "coordinator", sibling_program("checkerlab-coordinator"),
      std::vector<std::string>{"--data", data.string(), "--listen", "127.0.0.1:0"}, data / "logs" / "coordinator.log");
  server.await_health(stop);
  return server;
}

LocalServer LocalServer::worker_for(const rpc::Endpoint& endpoint, const std::filesystem::path& data) {
  LocalServer server(data);
  server.start_worker(endpoint);
  return server;
}

void LocalServer::await_health(const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  while (std::chrono::steady_clock::now() < deadline) {
    coordinator_->expect_running_for(kLookAgain);
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "interrupted");
    const auto endpoint = published_endpoint(data_, coordinator_->pid());
    if (!endpoint || !answers(*endpoint, stop)) continue;
    endpoint_ = *endpoint;
    return;
  }
  throw Error(ErrorCode::timeout,
              "the coordinator did not answer within " + std::to_string(kStartLimit.count()) + " seconds",
              "Its log is in " + coordinator_->log().string() + ".");
}

void LocalServer::start_worker(const rpc::Endpoint& endpoint) {
  worker_ = std::make_unique<LocalProcess>(
      "worker", sibling_program("checkerlab-worker"),
      std::vector<std::string>{"--url", endpoint.url(), "--token-file", rpc::token_file_path(data_).string(), "--cache",
                               (data_ / "cache").string(), "--device", "auto"},
      data_ / "logs" / "worker.log");
}

void LocalServer::expect_running() {
  if (coordinator_) coordinator_->expect_running();
  if (worker_) worker_->expect_running();
}

void LocalServer::stop() {
  for (auto* process : {&worker_, &coordinator_}) {
    if (*process) (*process)->stop(kGrace);
    process->reset();
  }
}

}  // namespace checkerlab::cli
