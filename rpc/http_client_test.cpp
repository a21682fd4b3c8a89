#include "rpc/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "rpc/testing/scripted_server.hpp"

namespace checkerlab::rpc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string read(const std::filesystem::path& path) {
  return SystemFiles().read(path);
}

TEST(HttpClient, SendsTokenAndReadsJson) {
  ScriptedServer server({{answer("200 OK", "", R"({"a":1})")}});
  HttpClient client(server.endpoint());
  EXPECT_EQ(client.get("/api/v1/version?x=1"), Json({{"a", 1}}));
  EXPECT_THAT(server.requests().at(0), HasSubstr("GET /api/v1/version?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("Authorization: Bearer secret\r\n"));
}

TEST(HttpClient, ProblemDocumentBecomesApiError) {
  const auto body =
      R"({"type":"urn:checkerlab:problem:not_found","title":"Not found","status":404,"detail":"no study x","fix":"list"})";
  ScriptedServer server({{answer("404 Not Found", "", body)}});
  HttpClient client(server.endpoint());
  try {
    client.get("/api/v1/studies/x");
    FAIL() << "no error";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.status(), 404);
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_STREQ(error.what(), "no study x");
    EXPECT_EQ(error.fix(), "list");
  }
}

TEST(HttpClient, StreamsABodyOfUnknownLength) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  ScriptedServer server({{head + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"},
                         {head + "5\r\nhello\r\n"},
                         {answer("404 Not Found", "", "{}")}});
  std::string text;
  const auto take = [&](std::string_view bytes) { text += bytes; };
  HttpClient(server.endpoint()).stream("/api/v1/export/jobs", take);
  EXPECT_EQ(text, "hello world");
  EXPECT_THROW(HttpClient(server.endpoint()).stream("/", take), TransportError);  // broke off
  text.clear();
  EXPECT_THROW(HttpClient(server.endpoint()).stream("/", take), ApiError);
  EXPECT_EQ(text, "");
}

TEST(HttpClient, AnAnswerThatIsNoProblemKeepsItsText) {
  ScriptedServer server({{answer("502 Bad Gateway", "", "proxy says no")}});
  HttpClient client(server.endpoint());
  try {
    client.get("/");
    FAIL() << "no error";
  } catch (const ApiError& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("proxy says no"));
  }
}

TEST(HttpClient, NobodyListening) {
  Endpoint endpoint;
  {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor free(context, {boost::asio::ip::address_v4::loopback(), 0});
    endpoint = {.host = "127.0.0.1", .port = free.local_endpoint().port(), .token = {}};
  }
  HttpClient client(endpoint);
  EXPECT_THROW(client.get("/"), TransportError);
}

TEST(HttpClient, GarbageIsATransportError) {
  ScriptedServer server({{"this is not HTTP\r\n\r\n"}});
  HttpClient client(server.endpoint());
  EXPECT_THROW(client.get("/"), TransportError);
}

TEST(HttpClient, ReconnectsWhenTheServerClosedAnIdleConnection) {
  ScriptedServer server({{answer("200 OK", "", "1")}, {answer("200 OK", "", "2")}});
  HttpClient client(server.endpoint());
  EXPECT_EQ(client.get("/"), Json(1));
  EXPECT_EQ(client.get("/"), Json(2));
}

TEST(HttpClient, StopTokenEndsACall) {
  ScriptedServer server({{"", true}});
  std::stop_source stop;
  HttpClient client(server.endpoint(), {.stop = stop.get_token()});
  std::jthread stopper([&] {
    server.wait_for_requests(1);
    stop.request_stop();
  });
  try {
    client.get("/");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST(HttpClient, SilenceIsATimeout) {
  ScriptedServer server({{"", true}});
  {
    HttpClient client(server.endpoint(), {.idle_timeout = std::chrono::milliseconds(20)});
    try {
      client.get("/");
      FAIL() << "no error";
    } catch (const TransportError& error) {
      EXPECT_EQ(error.code(), ErrorCode::timeout);
    }
  }
}

TEST(HttpClient, TooLargeAnAnswerIsRefused) {
  ScriptedServer server({{answer("200 OK", "", std::string(100, 'x'))}});
  HttpClient client(server.endpoint(), {.max_response_bytes = 99});
  try {
    client.request(Method::kGet, "/");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large);
  }
}

TEST(Download, ResumesWhatBroke) {
  const std::string bytes = "0123456789";
  const auto sha = sha256_hex(bytes);
  ScriptedServer server(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123"},
       {"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n456789"}});
  const TemporaryFolder folder;
  const auto file = folder.path() / "artifact";
  HttpClient client(server.endpoint());
  EXPECT_THROW(client.download_file(sha, file), TransportError);
  EXPECT_EQ(read(folder.path() / "artifact.part"), "0123");
  client.download_file(sha, file, bytes.size());
  EXPECT_EQ(read(file), bytes);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "artifact.part"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Range: bytes=4-\r\n"));
}

TEST(Download, StartsAnewWhenTheServerIgnoresTheRange) {
  const std::string bytes = "0123456789";
  ScriptedServer server({{answer("200 OK", "", bytes)}});
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.part") << "wrong";
  HttpClient client(server.endpoint());
  client.download_file(sha256_hex(bytes), folder.path() / "a");
  EXPECT_EQ(read(folder.path() / "a"), bytes);
}

TEST(Download, AWrongHashLeavesNothing) {
  ScriptedServer server({{answer("200 OK", "", "other bytes")}});
  const TemporaryFolder folder;
  HttpClient client(server.endpoint());
  try {
    client.download_file(sha256_hex("bytes"), folder.path() / "a");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Events, ReconnectsWithLastEventId) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
  ScriptedServer server({{head + "id: 7\nevent: job\ndata: {}\n\n"}, {head + "id: 8\nevent: job\ndata: {}\n\n"}});
  HttpClient client(server.endpoint());
  std::vector<std::string> ids;
  client.read_events("/api/v1/events", [&](const ServerEvent& event) {
    ids.push_back(event.id);
    return event.id != "8";
  });
  EXPECT_THAT(ids, ElementsAre("7", "8"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Last-Event-ID: 7\r\n"));
}

TEST(Events, RefusalIsAnApiError) {
  ScriptedServer server({{answer("401 Unauthorized", "", "{}")}});
  HttpClient client(server.endpoint());
  EXPECT_THROW(client.read_events("/api/v1/events", [](const ServerEvent&) { return true; }), ApiError);
}

TEST(Events, StopEndsTheReaderQuietly) {
  ScriptedServer server({{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", true}});
  std::stop_source stop;
  std::jthread stopper([&] {
    server.wait_for_requests(1);
    stop.request_stop();
  });
  HttpClient client(server.endpoint());
  int events = 0;
  client.read_events("/api/v1/events", [&](const ServerEvent&) { return ++events < 100; }, {.stop = stop.get_token()});
  EXPECT_EQ(events, 0);
}

TEST(EscapeQuery, KeepsOnlyWhatIsPlain) {
  EXPECT_EQ(escape_query("a b/ü~"), "a%20b%2F%C3%BC~");
}

}  // namespace
}  // namespace checkerlab::rpc
