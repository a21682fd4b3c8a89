// Where artifacts come from and go to: the coordinator's store, behind a seam so that tests can corrupt, cut or
// withhold bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "rpc/endpoint.hpp"

namespace checkerlab::worker {

// One source is used by one thread at a time. Failures throw Error: unavailable when trying again may help, anything
// else when not.
class ArtifactSource {
 public:
  virtual ~ArtifactSource() = default;

  // Brings the artifact to `destination`. What an earlier, failed call left beside it is gone on from.
  virtual void download(const std::string& sha256, std::uint64_t bytes, const std::filesystem::path& destination) = 0;

  virtual void upload(const std::string& sha256, const std::filesystem::path& file) = 0;
};

// Makes a source whose calls end early once the token is triggered.
using ArtifactSourceFactory = std::function<std::unique_ptr<ArtifactSource>(std::stop_token)>;

// Asks for the endpoint at each call, so that a coordinator that came back elsewhere is found.
using EndpointProvider = std::function<rpc::Endpoint()>;

// The coordinator's store over HTTP.
ArtifactSourceFactory http_artifacts(EndpointProvider endpoint);

}  // namespace checkerlab::worker
