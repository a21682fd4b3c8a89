// HTTPS through the real clients, with certificates made for the test.
#include "rpc/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/app/testing/certificate.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using testing::HasSubstr;

class Tls : public testing::Test {
 protected:
  static void SetUpTestSuite() { certificate_ = new Certificate("IP:127.0.0.1,DNS:localhost"); }
  static void TearDownTestSuite() { delete certificate_; }

  static std::function<void(Options&)> with(const Certificate& certificate) {
    return [&certificate](Options& options) {
      options.tls_certificate = certificate.file();
      options.tls_key = certificate.key();
    };
  }
  rpc::Endpoint trusting(const std::filesystem::path& authority) const {
    auto endpoint = coordinator_.endpoint();
    endpoint.certificate.clear();
    endpoint.authority_file = authority;
    return endpoint;
  }
  static std::string why_not(const rpc::Endpoint& endpoint) {
    try {
      rpc::HttpClient(endpoint).get("/healthz");
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  static inline Certificate* certificate_ = nullptr;
  RunningCoordinator coordinator_{nullptr, with(*certificate_)};
};

TEST_F(Tls, EverythingWorksOverIt) {
  EXPECT_TRUE(coordinator_.endpoint().url().starts_with("https://127.0.0.1:"));
  auto client = coordinator_.client();
  const auto study = client.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}});
  const std::string bytes(3'000'000, 'x');
  const auto artifact = "/api/v1/artifacts/" + sha256_hex(bytes);
  EXPECT_EQ(client.request(Method::kPut, artifact, bytes, "application/octet-stream").status, 201);
  EXPECT_EQ(client.request(Method::kGet, artifact).body, bytes);
  FakeWorker worker(coordinator_.endpoint());
  worker.say_hello("w", 1);
  const auto job = worker.next<rpc::Assign>().jobs.at(0);
  worker.send(rpc::AttemptStarted{job.attempt});
  worker.send(succeeded(job));
  EXPECT_TRUE(worker.next<rpc::Ack>().acks.at(0).accepted);
  std::string state;
  client.read_events("/api/v1/events",
                     [&](const rpc::ServerEvent& event) {
                       if (event.type == "study") state = Json::parse(event.data).at("study").at("state");
                       return state != "succeeded";
                     },
                     {.last_event_id = "0"});
  EXPECT_EQ(state, "succeeded");
}

TEST_F(Tls, CookiesAreForTlsOnlyAndOriginsHttps) {
  const auto link = coordinator_.client().post("/api/v1/sign_in_links").at("url").get<std::string>();
  EXPECT_TRUE(link.starts_with(coordinator_.endpoint().url())) << link;
  const auto visitor = coordinator_.endpoint_with("");
  const auto answer = rpc::HttpClient(visitor).request(Method::kGet, link.substr(visitor.url().size()));
  const auto cookie = answer.headers.at("set-cookie");
  EXPECT_THAT(cookie, HasSubstr("; Secure"));
  const auto post_from = [&](const std::string& origin) {
    return rpc::HttpConnection(visitor, {})
        .exchange({.method = Method::kPost,
                   .target = "/api/v1/noop_studies",
                   .body = R"({"name":"n","count":1})",
                   .content_type = "application/json",
                   .headers = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Origin", origin}},
                   .file = {}})
        .status;
  };
  EXPECT_EQ(post_from(visitor.url()), 201);
  EXPECT_EQ(post_from("http://" + visitor.authority()), 403);
}

TEST_F(Tls, AClientTrustsOnlyWhomItWasTold) {
  EXPECT_EQ(why_not(trusting(certificate_->file())), "");
  const Certificate stranger("IP:127.0.0.1");
  EXPECT_THAT(why_not(trusting(stranger.file())), HasSubstr("certificate verify failed"));
  EXPECT_THAT(why_not(trusting({})), HasSubstr("certificate verify failed"));
  EXPECT_THAT(why_not(trusting("/nowhere.pem")), HasSubstr("/nowhere.pem"));
}

TEST(TlsNames, TheCertificateHasToNameTheHostUnlessItStandsBesideUs) {
  const Certificate certificate("DNS:lab.example");
  RunningCoordinator coordinator(nullptr, [&](Options& options) {
    options.tls_certificate = certificate.file();
    options.tls_key = certificate.key();
  });
  EXPECT_EQ(coordinator.client().get("/healthz").at("status"), "ok");
  auto named = coordinator.endpoint();
  named.certificate.clear();
  named.authority_file = certificate.file();
  EXPECT_THROW(rpc::HttpClient(named).get("/healthz"), rpc::TransportError);
}

TEST_F(Tls, PlainHttpIsNotAnswered) {
  auto plain = coordinator_.endpoint();
  plain.tls = false;
  EXPECT_THROW(rpc::HttpClient(plain).get("/healthz"), rpc::TransportError);
  EXPECT_EQ(coordinator_.client().get("/healthz").at("status"), "ok");
}

// What a handshake with these versions of TLS ends with.
bool agrees(const rpc::Endpoint& endpoint, int version) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_security_level(tls.native_handle(), 0);
  SSL_CTX_set_min_proto_version(tls.native_handle(), version);
  SSL_CTX_set_max_proto_version(tls.native_handle(), version);
  asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), endpoint.port});
  boost::system::error_code error;
  stream.handshake(asio::ssl::stream_base::client, error);
  return !error;
}

TEST_F(Tls, OldVersionsAreRefused) {
  EXPECT_TRUE(agrees(coordinator_.endpoint(), TLS1_3_VERSION));
  EXPECT_TRUE(agrees(coordinator_.endpoint(), TLS1_2_VERSION));
  EXPECT_FALSE(agrees(coordinator_.endpoint(), TLS1_1_VERSION));
  EXPECT_FALSE(agrees(coordinator_.endpoint(), TLS1_VERSION));
}

TEST(TlsFiles, MistakesAreNamed) {
  const Certificate certificate("IP:127.0.0.1");
  const Certificate other("IP:127.0.0.1");
  EXPECT_THROW(rpc::server_tls("/nowhere.pem", certificate.key()), Error);
  EXPECT_THROW(rpc::server_tls(certificate.file(), "/nowhere.key"), Error);
  EXPECT_THROW(rpc::server_tls(certificate.file(), other.key()), Error);
  std::filesystem::permissions(other.key(), std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  try {
    rpc::server_tls(other.file(), other.key());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::forbidden);
    EXPECT_THAT(error.fix(), HasSubstr("chmod 600"));
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
