#include <utility>

#include "rpc/http_client.hpp"
#include "worker/agent/artifact_source.hpp"

namespace checkerlab::worker {
namespace {

class HttpArtifacts final : public ArtifactSource {
 public:
  HttpArtifacts(EndpointProvider endpoint, std::stop_token stop)
      : endpoint_(std::move(endpoint)), stop_(std::move(stop)) {}

  void download(const std::string& sha256, std::uint64_t bytes, const std::filesystem::path& destination) override {
    client().download_file(sha256, destination, bytes);
  }

  void upload(const std::string& sha256, const std::filesystem::path& file) override {
    client().upload_file(sha256, file);
  }

 private:
  // The kept connection, or a new one where the coordinator has moved.
  rpc::HttpClient& client() {
    auto endpoint = endpoint_();
    if (!client_ || client_->endpoint().url() != endpoint.url() || client_->endpoint().token != endpoint.token) {
      rpc::HttpOptions options;
      options.stop = stop_;
      client_ = std::make_unique<rpc::HttpClient>(std::move(endpoint), options);
    }
    return *client_;
  }

  EndpointProvider endpoint_;
  std::stop_token stop_;
  std::unique_ptr<rpc::HttpClient> client_;
};

}  // namespace

ArtifactSourceFactory http_artifacts(EndpointProvider endpoint) {
  return [endpoint = std::move(endpoint)](std::stop_token stop) {
    return std::make_unique<HttpArtifacts>(endpoint, std::move(stop));
  };
}

}  // namespace checkerlab::worker
