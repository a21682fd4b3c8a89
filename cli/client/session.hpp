// A verb's connection to the coordinator. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "cli/local/local_server.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::cli {

class Session {
 public:
  explicit Session(rpc::Endpoint endpoint, std::stop_token stop);
  // Owns a coordinator that was started for this session and stops it at the end.
  explicit Session(LocalServer server, std::stop_token stop);

  rpc::HttpClient& http() { return *http_; }
  const rpc::Endpoint& endpoint() const { return http_->endpoint(); }
  LocalServer* local() { return local_ ? &*local_ : nullptr; }

  // Takes over a server (a worker started for this session).
  void own(LocalServer server);

  // Every item of a paged list, `target` without cursor; at most `most` items.
  rpc::Json all_items(const std::string& target, std::size_t most);

  // Stops what was started for this session.
  void stop();

 private:
  std::optional<LocalServer> local_;
  std::unique_ptr<rpc::HttpClient> http_;
};

// The coordinator that --url, the data directory or CHECKERLAB_URL names. Throws Error(unavailable) when none runs.
Session connect(const Context& context);

// As connect; but when none runs and the data directory holds a results database, a coordinator is started for the
// length of the session, so that results can be read at any time.
Session connect_to_read(const Context& context);

// The endpoint of the coordinator that runs, or nothing when none does.
std::optional<rpc::Endpoint> find_coordinator(const Context& context);

// True when the data directory holds a results database.
bool has_database(const Context& context);

}  // namespace checkerlab::cli
