// A whole coordinator, given requests and frames that nobody should send: it answers or closes, and goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/testing/mutations.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"

namespace checkerlab::coordinator {
namespace {

// Sends the bytes, says that no more come, and gives what is answered.
std::string answer_to(const rpc::Endpoint& endpoint, const std::string& bytes) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  socket.connect({boost::asio::ip::address_v4::loopback(), endpoint.port});
  boost::system::error_code ignored;
  boost::asio::write(socket, boost::asio::buffer(bytes), ignored);
  socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  std::string text;
  boost::asio::read(socket, boost::asio::dynamic_buffer(text), ignored);
  return text;
}

std::vector<std::string> requests(const rpc::Endpoint& endpoint) {
  const std::string head = " HTTP/1.1\r\nHost: " + endpoint.authority() + "\r\nAuthorization: Bearer " +
                           endpoint.token + "\r\nConnection: close\r\n";
  const std::string body = R"({"name":"n","count":1})";
  return {"GET /api/v1/studies?limit=5" + head + "\r\n",
          "POST /api/v1/noop_studies" + head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
          "POST /api/v1/query" + head + "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"sql\":\"select 1\"}\r\n0\r\n\r\n",
          "GET /api/v1/artifacts/" + std::string(64, '0') + head + "Range: bytes=0-5\r\n\r\n",
          "GET /api/v1/workers/session" + head +
              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
              "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x85\x01\x02\x03\x04hello"};
}

TEST(Mutations, RequestsOverTheSocket) {
  RunningCoordinator coordinator(nullptr, [](Options& options) {
    options.limits.idle = options.limits.header = options.limits.body = std::chrono::milliseconds(500);
  });
  Mutations mutations(requests(coordinator.endpoint()));
  for (int i = 0; i < 1'500; ++i) {
    const auto request = mutations.next();
    const auto answer = answer_to(coordinator.endpoint(), request);
    const bool sound = answer.empty() || answer.starts_with("HTTP/1.1 1") || answer.starts_with("HTTP/1.1 2") ||
                       answer.starts_with("HTTP/1.1 4");
    EXPECT_TRUE(sound) << request << "\n---\n" << answer;
  }
  EXPECT_EQ(coordinator.client().get("/healthz").at("status"), "ok");
}

}  // namespace
}  // namespace checkerlab::coordinator
