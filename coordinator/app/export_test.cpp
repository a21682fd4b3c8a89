// Tables and snapshots over HTTP from a coordinator that works meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "base/testing/error_of.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;

// Made before the coordinator starts.
void add_rows(const std::filesystem::path& database, int rows) {
  SQLite::Database writer(database.string(), SQLite::OPEN_READWRITE);
  writer.exec("PRAGMA synchronous = OFF; WITH RECURSIVE t (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM t WHERE i < " +
              std::to_string(rows) + ") INSERT INTO curves SELECT 1, 'loss', i, 1, 1.0 / i FROM t");
}

class ExportOverHttp : public ::testing::Test {
 protected:
  ExportOverHttp() { client_.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 1}}); }
  void fill(int rows) {
    coordinator_.stop();
    add_rows(coordinator_.data() / "checkerlab.db", rows);
    coordinator_.restart();
    client_ = coordinator_.client();
  }

  RunningCoordinator coordinator_;
  rpc::HttpClient client_ = coordinator_.client();
};

TEST_F(ExportOverHttp, StreamsATable) {
  fill(50'000);
  std::string text;
  std::size_t largest = 0;
  client_.stream("/api/v1/export/curves", [&](std::string_view bytes) {
    text += bytes;
    largest = std::max(largest, bytes.size());
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 50'001);
  EXPECT_LE(largest, std::size_t{1} << 20);
  EXPECT_EQ(client_.get("/healthz").at("status"), "ok");  // the connection can be used again
  const auto head = client_.request(Method::kGet, "/api/v1/export/curves?format=jsonl");
  EXPECT_EQ(head.headers.at("content-type"), "application/x-ndjson");
  EXPECT_EQ(Json::parse(head.body.substr(0, head.body.find('\n'))).at("step"), 1);
}

TEST_F(ExportOverHttp, MistakesAreProblems) {
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/export/nowhere").status, 404);
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/export/jobs?format=xml").status, 400);
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/export/jobs?rows=1").status, 400);
  EXPECT_EQ(client_.request(Method::kPost, "/api/v1/export/jobs").status, 405);
  auto endpoint = coordinator_.endpoint();
  endpoint.token.clear();
  for (const char* target : {"/api/v1/export/jobs", "/api/v1/snapshot"})
    EXPECT_EQ(rpc::HttpClient(endpoint).request(Method::kGet, target).status, 401) << target;
}

// Each of these has got something and has not taken all of it.
TEST_F(ExportOverHttp, AtMostTwoAtOnce) {
  fill(600'000);
  rpc::HttpConnection first(coordinator_.endpoint(), {});
  rpc::HttpConnection second(coordinator_.endpoint(), {});
  const rpc::HttpRequest request{
      .target = "/api/v1/export/curves", .body = {}, .content_type = {}, .headers = {}, .file = {}};
  EXPECT_EQ(first.start(request).status, 200);
  EXPECT_EQ(second.start(request).status, 200);
  EXPECT_EQ(client_.request(Method::kGet, "/api/v1/export/jobs").status, 503);
  std::string chunk(1 << 20, '\0');
  while (first.read_body(chunk) > 0) {
  }
  int status = 0;  // the server's end of the first may come a moment later
  for (int i = 0; i < 1'000 && status != 200; ++i)
    status = client_.request(Method::kGet, "/api/v1/export/jobs").status;
  EXPECT_EQ(status, 200);
}

TEST_F(ExportOverHttp, ASnapshotIsAWholeDatabase) {
  const auto file = coordinator_.data() / "copy.db";
  {
    std::ofstream out(file, std::ios::binary);
    client_.stream("/api/v1/snapshot", [&](std::string_view bytes) {
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    });
  }
  SQLite::Database copy(file.string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(copy.execAndGet("PRAGMA integrity_check").getString(), "ok");
  EXPECT_EQ(copy.execAndGet("SELECT COUNT(*) FROM jobs").getInt(), 1);
  EXPECT_TRUE(std::filesystem::is_empty(coordinator_.data() / "artifacts" / "incoming"));
}

// The longest time, in milliseconds, that one of `count` requests for the health took, one after the other.
double slowest_answer(const rpc::Endpoint& endpoint, const std::atomic<bool>& until) {
  rpc::HttpClient client(endpoint);
  double slowest = 0;
  while (!until) {
    const auto begin = std::chrono::steady_clock::now();
    client.get("/healthz");
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    slowest = std::max(slowest, took.count());
  }
  return slowest;
}

// A million rows while a worker works: every job is done, no answer waits for the export, and memory does not grow with
// it.
TEST_F(ExportOverHttp, AMillionRowsBesideWork) {
  fill(1'000'000);
  client_.post("/api/v1/noop_studies", {{"name", "busy"}, {"count", 300}});
  std::atomic<bool> over = false;
  double slowest = 0;
  std::jthread watcher([&] { slowest = slowest_answer(coordinator_.endpoint(), over); });
  std::atomic<std::size_t> rows = 0;
  std::jthread exporter([&] {
    rpc::HttpClient client(coordinator_.endpoint());
    client.stream("/api/v1/export/curves", [&](std::string_view bytes) {
      rows += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    });
    over = true;
  });
  FakeWorker worker(coordinator_.endpoint());
  worker.say_hello("w", 4);
  for (int done = 0; done < 301;) {
    for (const auto& job : worker.next<rpc::Assign>().jobs) {
      worker.send(rpc::AttemptStarted{job.attempt});
      worker.send(succeeded(job));
      ++done;
    }
  }
  exporter.join();
  watcher.join();
  EXPECT_EQ(rows, 1'000'001U);
  EXPECT_LT(slowest, 1'000) << "milliseconds";  // a few in truth; the machine may be busy with other tests
  RecordProperty("slowest_answer_ms", std::to_string(slowest));
}

}  // namespace
}  // namespace checkerlab::coordinator
