#include "cli/run/local_session.hpp"

#include <utility>

namespace checkerlab::cli {
namespace {

bool has_worker(Session& session) {
  const auto workers = session.http().get("/api/v1/workers");
  for (const auto& worker : workers.at("items")) {
    if (worker.at("state") == "online") return true;
  }
  return false;
}

Session started(Context& context) {
  const auto data = context.data_directory();
  context.console.err << "starting a coordinator and a worker on " << data.string() << std::endl;
  LocalServer server = LocalServer::start(data, context.console.stop);
  server.start_worker(server.endpoint());
  return Session(std::move(server), context.console.stop);
}

}  // namespace

Session session_for_run(Context& context) {
  const auto running = running_coordinator(context.data_directory(), context.console.stop);
  const auto endpoint = find_coordinator(context);
  if (!endpoint) return started(context);
  Session session(*endpoint, context.console.stop);
  if (has_worker(session)) return session;
  const bool ours = running && running->url() == endpoint->url();
  if (!ours) {
    context.console.err << "no worker is connected to " << endpoint->url() << " yet: the study waits for one"
                        << std::endl;
    return session;
  }
  context.console.err << "no worker is connected: starting one" << std::endl;
  session.own(LocalServer::worker_for(*endpoint, context.data_directory()));
  return session;
}

}  // namespace checkerlab::cli
