// What comes in too much, too often or too slowly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

// A client without manners.
class Socket {
 public:
  explicit Socket(const rpc::Endpoint& endpoint) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), endpoint.port});
  }
  void send(const std::string& text) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(text), ignored);
  }
  // All that comes until the coordinator closes the connection.
  std::string read_to_the_end() {
    std::string text;
    boost::system::error_code end;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), end);
    return text;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
};

std::function<void(Options&)> limits(std::function<void(ServerLimits&)> change) {
  return [change = std::move(change)](Options& options) {
    options.host = "0.0.0.0";  // so that limits by address hold
    options.allow_plain_http_on_network = true;
    change(options.limits);
  };
}

TEST(Limits, AHeaderThatNeverEndsIsCutOff) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.header = 100ms; }));
  Socket slow(coordinator.endpoint());
  slow.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
  EXPECT_EQ(slow.read_to_the_end(), "");
}

TEST(Limits, ABodyThatNeverEndsIsCutOff) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.body = 100ms; }));
  Socket slow(coordinator.endpoint());
  slow.send("POST /api/v1/query HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + coordinator.endpoint().token +
            "\r\nContent-Length: 1000\r\n\r\n{");
  EXPECT_EQ(slow.read_to_the_end(), "");
}

TEST(Limits, ASilentConnectionIsClosed) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.idle = 100ms; }));
  Socket silent(coordinator.endpoint());
  EXPECT_EQ(silent.read_to_the_end(), "");
}

TEST(Limits, AHeaderThatIsTooLargeIsRefused) {
  RunningCoordinator coordinator;
  Socket large(coordinator.endpoint());
  large.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: " + std::string(40'000, 'x') + "\r\n\r\n");
  EXPECT_THAT(large.read_to_the_end(), StartsWith("HTTP/1.1 431"));
}

TEST(Limits, WhatIsNoHttpIsRefused) {
  RunningCoordinator coordinator;
  for (const auto* bytes : {"\x16\x03\x01\x02\x00\x01\xfc\x03\x03 hello\r\n\r\n", "GET\r\n\r\n",
                            "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    Socket client(coordinator.endpoint());
    client.send(bytes);
    EXPECT_THAT(client.read_to_the_end(), testing::AnyOf("", StartsWith("HTTP/1.1 4"))) << bytes;
  }
  EXPECT_EQ(coordinator.client().get("/healthz").at("status"), "ok");
}

TEST(Limits, ConnectionsAreCountedByAddress) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.connections_per_address = 2; }));
  std::vector<std::unique_ptr<rpc::HttpClient>> clients;
  for (int i = 0; i < 3; ++i)
    clients.push_back(std::make_unique<rpc::HttpClient>(coordinator.endpoint()));
  EXPECT_EQ(clients[0]->request(Method::kGet, "/healthz").status, 200);
  EXPECT_EQ(clients[1]->request(Method::kGet, "/healthz").status, 200);
  const auto refused = clients[2]->request(Method::kGet, "/healthz");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("your address has 2 connections"));
}

TEST(Limits, ConnectionsAreCountedInAll) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.connections = 1; }));
  rpc::HttpClient first(coordinator.endpoint());
  EXPECT_EQ(first.request(Method::kGet, "/healthz").status, 200);
  EXPECT_EQ(rpc::HttpClient(coordinator.endpoint()).request(Method::kGet, "/healthz").status, 503);
}

TEST(Limits, ATokenHasARateAndIsToldWhenToComeAgain) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.token_rate = 0.4; }));
  rpc::HttpClient reader(coordinator.endpoint_with(coordinator.issue("read")));
  rpc::HttpClient another(coordinator.endpoint_with(coordinator.issue("read")));
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(reader.request(Method::kGet, "/api/v1/studies").status, 200) << i;
  const auto refused = reader.request(Method::kGet, "/api/v1/studies");
  EXPECT_EQ(refused.status, 429);
  const auto wait = std::stoi(refused.headers.at("retry-after"));
  EXPECT_GE(wait, 1);
  EXPECT_LE(wait, 3);
  EXPECT_EQ(another.request(Method::kGet, "/api/v1/studies").status, 200);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(coordinator.client().request(Method::kGet, "/api/v1/studies").status, 200);
}

TEST(Limits, AnAddressHasARateWhateverItSends) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.address_rate = 0.4; }));
  rpc::HttpClient guesser(coordinator.endpoint_with("a guess"));
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(guesser.request(Method::kGet, "/api/v1/studies").status, 401) << i;
  EXPECT_EQ(guesser.request(Method::kGet, "/api/v1/studies").status, 429);
}

TEST(Limits, EventStreamsAreCounted) {
  RunningCoordinator coordinator(nullptr, limits([](ServerLimits& limits) { limits.event_streams = 1; }));
  const auto open = [&](rpc::HttpConnection& connection) {
    return connection
        .start({.method = Method::kGet,
                .target = "/api/v1/events",
                .body = {},
                .content_type = {},
                .headers = {},
                .file = {}})
        .status;
  };
  rpc::HttpConnection first(coordinator.endpoint(), {});
  rpc::HttpConnection second(coordinator.endpoint(), {});
  EXPECT_EQ(open(first), 200);
  EXPECT_EQ(open(second), 503);
}

// A page of another site that has its own name point to this address (DNS rebinding) is not heard, with any path.
TEST(Limits, AForeignHostIsNotHeard) {
  RunningCoordinator coordinator;
  for (const auto* host : {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "10.0.0.1"}) {
    for (const auto* path : {"/", "/healthz", "/sign_in?code=x", "/api/v1/studies"}) {
      Socket client(coordinator.endpoint());
      client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      EXPECT_THAT(client.read_to_the_end(), StartsWith("HTTP/1.1 421")) << host << path;
    }
  }
}

TEST(Limits, AnswersCarryTheHeadersThatKeepAPageSafe) {
  RunningCoordinator coordinator;
  for (const auto* target : {"/", "/api/v1/studies", "/nothing.js", "/healthz"}) {
    const auto answer = coordinator.client().request(Method::kGet, target);
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("frame-ancestors 'none'")) << target;
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << target;
    EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer") << target;
    EXPECT_EQ(answer.headers.at("cross-origin-resource-policy"), "same-origin") << target;
    EXPECT_EQ(answer.headers.at("cross-origin-opener-policy"), "same-origin") << target;
    EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY") << target;
    EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0u) << target;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
