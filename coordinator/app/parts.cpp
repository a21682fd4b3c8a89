#include "coordinator/app/parts.hpp"

#include <boost/asio/post.hpp>

#include "coordinator/api/routes.hpp"
#include "coordinator/auth/token_file.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::chrono::milliseconds kLastWords{100};

std::set<std::string> host_names(const Options& options) {
  std::set<std::string> names(options.host_names.begin(), options.host_names.end());
  names.insert(options.host);
  return names;
}

}  // namespace

Parts::Parts(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
             std::span<const EmbeddedFile> page)
    : token(load_or_create_token(files, rpc::token_file_path(directory.path()))),
      store(directory.database()),
      artifacts(directory.artifacts(), files),
      coordinator(
          store, clock, [this](std::function<void()> work) { boost::asio::post(context, std::move(work)); },
          [this](const std::string& sha256) { return artifacts.exists(sha256); },
          [this](const ServerEvent& event) { events.publish(event); },
          {.lease = options.lease, .heartbeat = options.heartbeat}),
      reads(store, clock),
      authenticator(token, clock),
      origins(host_names(options)),
      api{.coordinator = coordinator,
          .store = store,
          .reads = reads,
          .artifacts = artifacts,
          .events = events,
          .authenticator = authenticator,
          .counters = counters,
          .pool = pool,
          .clock = clock,
          .page = page,
          .started_at = clock.utc(),
          .stopping = stopping.get_token()},
      router(all_routes(api)),
      server(context, options.host, options.port,
             {.router = router, .authenticator = authenticator, .origins = origins, .counters = counters}),
      url(rpc::Endpoint{.host = options.host, .port = server.port(), .token = {}}.url()) {
  coordinator.load();
}

Parts::~Parts() {
  stopping.request_stop();
  server.stop_accepting();
  server.close_all();
  pool.join();
  context.restart();
  context.run_for(kLastWords);
}

}  // namespace checkerlab::coordinator
