#include <spdlog/spdlog.h>

#include <utility>

#include "base/error.hpp"
#include "rpc/websocket_client.hpp"
#include "worker/agent/link.hpp"

namespace checkerlab::worker {
namespace {

class WebSocketLink final : public Link {
 public:
  WebSocketLink(boost::asio::io_context& context, rpc::Endpoint endpoint, LinkCallbacks callbacks)
      : callbacks_(std::move(callbacks)), client_(context, std::move(endpoint), socket_callbacks()) {
    client_.open();
  }

  void send(const rpc::WorkerMessage& message) override { client_.send(rpc::encode_text(message)); }
  void close() override { client_.close(); }
  std::string local_host() const override { return client_.local_host(); }

 private:
  rpc::WebSocketCallbacks socket_callbacks() {
    return {[this] { callbacks_.on_open(); }, [this](const std::string& text) { take(text); },
            [this](const rpc::Problem& problem) { callbacks_.on_close(problem); }};
  }

  void take(const std::string& text) {
    std::vector<rpc::CoordinatorMessage> messages;
    try {
      messages = rpc::decode_coordinator_frame(text);
    } catch (const Error& error) {
      spdlog::error("the coordinator sent what this worker does not understand: {}", error.full_text());
      client_.close();
      return;
    }
    for (auto& message : messages)
      callbacks_.on_message(std::move(message));
  }

  LinkCallbacks callbacks_;
  rpc::WebSocketClient client_;
};

}  // namespace

LinkFactory websocket_links(boost::asio::io_context& context, EndpointProvider endpoint) {
  return [&context, endpoint = std::move(endpoint)](LinkCallbacks callbacks) {
    return std::make_unique<WebSocketLink>(context, endpoint(), std::move(callbacks));
  };
}

}  // namespace checkerlab::worker
