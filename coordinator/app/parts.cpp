#include "coordinator/app/parts.hpp"

#include <boost/asio/post.hpp>

#include "coordinator/api/routes.hpp"
#include "coordinator/auth/token_file.hpp"
#include "rpc/endpoint.hpp"
#include "rpc/tls.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::chrono::milliseconds kLastWords{100};

std::set<std::string> host_names(const Options& options) {
  std::set<std::string> names(options.host_names.begin(), options.host_names.end());
  names.insert(options.host);
  return names;
}

rpc::TlsContext tls_of(const Options& options) {
  if (options.tls_certificate.empty()) return nullptr;
  return rpc::server_tls(options.tls_certificate, options.tls_key);
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
      tokens(store, clock, [this](std::function<void()> work) { boost::asio::post(context, std::move(work)); }),
      audit(store, clock, options.keep_audit),
      authenticator(token, tokens, clock, {.secure_cookies = !options.tls_certificate.empty()}),
      origins(host_names(options)),
      api{.coordinator = coordinator,
          .store = store,
          .reads = reads,
          .artifacts = artifacts,
          .events = events,
          .authenticator = authenticator,
          .tokens = tokens,
          .audit = audit,
          .counters = counters,
          .pool = pool,
          .clock = clock,
          .page = page,
          .started_at = clock.utc(),
          .stopping = stopping.get_token(),
          .most_event_streams = options.limits.event_streams,
          .tls = !options.tls_certificate.empty()},
      router(all_routes(api)),
      server(context, options.host, options.port,
             {.router = router,
              .authenticator = authenticator,
              .origins = origins,
              .counters = counters,
              .clock = clock,
              .tls = tls_of(options),
              .on_refused = [this](const Request& request, const Route& route,
                                   unsigned status) { audit.refused(request, route.pattern, status); }},
             limits_of(options)),
      url(rpc::Endpoint{.host = options.host, .port = server.port(), .token = {}, .tls = api.tls}.url()) {
  tokens.on_end([this](const std::string& id) { server.close_streams_of(id); });
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
