// The composition root: every part of a running coordinator, made in dependency order and destroyed in reverse.
//
// `context` is the one thread on which sockets and the Coordinator live; `pool` does what blocks. Everything given to
// the constructor outlives the parts. Throws Error when a file cannot be opened or the address cannot be listened on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <span>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/embedded_file.hpp"
#include "base/files.hpp"
#include "coordinator/api/context.hpp"
#include "coordinator/app/data_directory.hpp"
#include "coordinator/app/options.hpp"
#include "coordinator/http/server.hpp"

namespace checkerlab::coordinator {

struct Parts {
  Parts(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
        std::span<const EmbeddedFile> page);
  // Connections end here at the latest: they use parts that are destroyed before the io_context is.
  ~Parts();
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  std::stop_source stopping;
  const std::string token;
  boost::asio::io_context context{1};
  boost::asio::thread_pool pool{4};
  Store store;
  ArtifactStore artifacts;
  EventHub events;
  Coordinator coordinator;
  ReadModels reads;
  Tokens tokens;
  Audit audit;
  Authenticator authenticator;
  OriginRules origins;
  RequestCounters counters;
  ApiContext api;
  Router router;
  Server server;
  const std::string url;
};

}  // namespace checkerlab::coordinator
