// What the endpoints work with. References to parts that the composition root owns and that outlive the server.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <span>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/embedded_file.hpp"
#include "coordinator/artifacts/artifact_store.hpp"
#include "coordinator/auth/audit.hpp"
#include "coordinator/auth/authenticator.hpp"
#include "coordinator/auth/tokens.hpp"
#include "coordinator/events/event_hub.hpp"
#include "coordinator/http/request_counters.hpp"
#include "coordinator/service/coordinator.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {

struct ApiContext {
  Coordinator& coordinator;         // on the server's thread only
  Store& store;                     // any thread
  const ReadModels& reads;          // any thread, blocking: on the pool
  ArtifactStore& artifacts;         // any thread
  EventHub& events;                 // on the server's thread only
  Authenticator& authenticator;     // on the server's thread only
  Tokens& tokens;                   // on the server's thread only
  Audit& audit;                     // on the server's thread only
  const RequestCounters& counters;  // on the server's thread only
  boost::asio::thread_pool& pool;   // for files, hashes and SQL
  const Clock& clock;
  std::span<const EmbeddedFile> page;  // the web page; empty when it was not built in
  UtcTime started_at;
  std::stop_token stopping;  // the coordinator shuts down
  std::size_t most_event_streams = 512;
  bool tls = false;
};

}  // namespace checkerlab::coordinator
