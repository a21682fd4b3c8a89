// What a real coordinator tells Prometheus after some work, against Prometheus' conventions and against the dashboard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "coordinator/metrics/testing/exposition_parser.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;
using rpc::Method;
using ::testing::Contains;
using ::testing::IsEmpty;
using testing::parse_metrics;

class Metrics : public ::testing::Test {
 protected:
  // Three jobs done by a worker with a GPU, one waiting for a kind that nobody does.
  Metrics() {
    client_.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 3}});
    worker_.say_hello("gpu \"box\"", 1);
    worker_.send(rpc::Heartbeat{
        {}, {{.index = 0, .busy = 0.5, .memory_used_bytes = 30'000'000'000, .memory_bytes = 80'000'000'000}}});
    for (int done = 0; done < 3;) {
      for (const auto& job : worker_.next<rpc::Assign>().jobs) {
        worker_.send(rpc::AttemptStarted{job.attempt});
        worker_.send(succeeded(job));
        ++done;
      }
    }
    for (std::size_t acknowledged = 0; acknowledged < 3;)
      acknowledged += worker_.next<rpc::Ack>().acks.size();
  }
  testing::ParsedMetrics scrape() { return parse_metrics(client_.request(Method::kGet, "/metrics").body); }

  RunningCoordinator coordinator_;
  rpc::HttpClient client_ = coordinator_.client();
  FakeWorker worker_{coordinator_.endpoint()};
};

TEST_F(Metrics, FollowTheConventionsAndTellWhatHappened) {
  client_.request(Method::kGet, "/api/v1/jobs");
  const auto metrics = scrape();
  EXPECT_THAT(metrics.complaints, IsEmpty());
  EXPECT_EQ(metrics.value("checkerlab_jobs{kind=\"noop\",state=\"succeeded\"}"), 3);
  EXPECT_EQ(metrics.value("checkerlab_attempts_total{outcome=\"succeeded\"}"), 3);
  EXPECT_EQ(metrics.value("checkerlab_lease_losses_total"), 0);
  EXPECT_EQ(metrics.value("checkerlab_queue_wait_seconds_count"), 3);
  EXPECT_EQ(metrics.value("checkerlab_dispatch_seconds_count"), 3);
  EXPECT_GE(metrics.value("checkerlab_store_commit_seconds_count"), 3);
  EXPECT_GT(metrics.value("checkerlab_database_bytes") + metrics.value("checkerlab_database_log_bytes"), 100'000);
  EXPECT_EQ(metrics.value("checkerlab_http_request_seconds_count{route=\"/api/v1/jobs\"}"), 1);
  EXPECT_EQ(metrics.value("checkerlab_workers_online"), 1);
}

TEST_F(Metrics, TellHowGpusAreUsedByWorker) {
  const auto workers = client_.get("/api/v1/workers").at("items");
  EXPECT_EQ(workers.at(0).at("load").at(0).at("busy"), 0.5);
  const std::string labels =
      "{worker=\"gpu \\\"box\\\"\",worker_id=\"" + workers.at(0).at("id").get<std::string>() + "\",gpu=\"0\"}";
  const auto metrics = scrape();
  EXPECT_EQ(metrics.value("checkerlab_worker_gpu_busy_ratio" + labels), 0.5);
  EXPECT_EQ(metrics.value("checkerlab_worker_gpu_memory_used_bytes" + labels), 30e9);
}

TEST_F(Metrics, TheDashboardNamesOnlyWhatIsThere) {
  std::ifstream file(std::string(CHECKERLAB_SOURCE_DIR) + "/deploy/grafana.json");
  const Json dashboard = Json::parse(file);
  const auto known = scrape().queryable();
  const std::regex name("checkerlab_[a-z0-9_]+");
  int checked = 0;
  for (const auto& panel : dashboard.at("panels")) {
    for (const auto& target : panel.at("targets")) {
      const auto query = target.at("expr").get<std::string>();
      for (std::sregex_iterator found(query.begin(), query.end(), name); found != std::sregex_iterator(); ++found) {
        EXPECT_THAT(known, Contains(found->str())) << panel.at("title");
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 20);
}

TEST_F(Metrics, TheManualNamesEveryMetric) {
  std::ifstream file(std::string(CHECKERLAB_SOURCE_DIR) + "/docs/operations.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const auto& [name, family] : scrape().families)
    EXPECT_THAT(text.str(), ::testing::HasSubstr(name));
}

TEST(WaitingJobs, SayWhy) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  client.post("/api/v1/noop_studies", {{"name", "n"}, {"count", 2}, {"mode", "hang"}});
  const auto reason = [&](const std::string& why) {
    return parse_metrics(client.request(Method::kGet, "/metrics").body)
        .value("checkerlab_jobs_waiting{kind=\"noop\",reason=\"" + why + "\"}");
  };
  EXPECT_EQ(reason("no_worker"), 2);
  FakeWorker worker(coordinator.endpoint());
  worker.say_hello("w", 1);
  worker.next<rpc::Assign>();
  EXPECT_EQ(reason("workers_busy"), 1);
  client.post("/api/v1/studies/n/pause");
  EXPECT_EQ(reason("paused"), 2);  // what had not begun is taken back
}

class NearlyFullDisk final : public Files {
 public:
  std::string read(const std::filesystem::path& file) override { return real_.read(file); }
  void write_atomic(const std::filesystem::path& file, std::string_view data, unsigned mode) override {
    real_.write_atomic(file, data, mode);
  }
  void commit(const std::filesystem::path& temporary, const std::filesystem::path& file) override {
    real_.commit(temporary, file);
  }
  void remove(const std::filesystem::path& file) override { real_.remove(file); }
  bool exists(const std::filesystem::path& file) override { return real_.exists(file); }
  std::uintmax_t free_bytes(const std::filesystem::path&) override { return std::uintmax_t{100} << 20; }

 private:
  SystemFiles real_;
};

TEST(Readiness, IsThereWithoutAToken) {
  RunningCoordinator coordinator;
  auto endpoint = coordinator.endpoint();
  endpoint.token.clear();
  const auto ready = rpc::HttpClient(endpoint).request(Method::kGet, "/readyz");
  EXPECT_EQ(ready.status, 200) << ready.body;
  EXPECT_EQ(ready.json().at("ready"), true);
}

TEST(Readiness, SaysThatTheDiskIsNearlyFull) {
  NearlyFullDisk disk;
  RunningCoordinator coordinator(&disk);
  const auto ready = coordinator.client().request(Method::kGet, "/readyz");
  EXPECT_EQ(ready.status, 503);
  const auto answer = ready.json();
  EXPECT_EQ(answer.at("ready"), false);
  for (const auto& check : answer.at("checks")) {
    EXPECT_EQ(check.at("ok"), check.at("name") != "disk") << check;
    if (check.at("name") != "disk") continue;
    EXPECT_THAT(check.at("problem").get<std::string>(), ::testing::HasSubstr("100 MiB"));
  }
}

TEST(Readiness, SaysThatTheStoreDoesNotAnswer) {
  RunningCoordinator coordinator;
  SQLite::Database other((coordinator.data() / "checkerlab.db").string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");  // someone else holds the database's lock
  const auto ready = coordinator.client().request(Method::kGet, "/readyz");
  other.exec("ROLLBACK");
  EXPECT_EQ(ready.status, 503);
  const auto answer = ready.json();
  for (const auto& check : answer.at("checks"))
    EXPECT_EQ(check.at("ok"), check.at("name") != "store") << check;
}

}  // namespace
}  // namespace checkerlab::coordinator
