// Verbs about the order in which things run and where: priority, why, workers drain, cordon and uncordon.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using testing::LabFolder;
using testing::Outcome;

const std::string kKey(64, 'a');

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json worker_document(const std::string& state, const json& reason, const json& until) {
  return {{"id", "0123"},
          {"name", "gpu-3"},
          {"state", state},
          {"reason", reason},
          {"until", until},
          {"device", {{"type", "cuda"}, {"name", "H100"}, {"memory_bytes", 85'899'345'920}, {"count", 1}}},
          {"slots", 2},
          {"labels", {{"gpu", "h100"}}},
          {"running", json::array()},
          {"running_total", 0},
          {"version", "1"},
          {"connected_at", "2026-01-01T00:00:00.000Z"},
          {"last_seen_at", "2026-01-01T00:00:00.000Z"}};
}

class SchedulingVerbs : public ::testing::Test {
 protected:
  SchedulingVerbs() { lab.write("token", "secret\n"); }

  Outcome call(std::vector<std::string> args) {
    args.insert(args.end(), {"--url", server.url()});
    return lab.run_here(args);
  }
  json body_of(const std::string& method_and_path) { return json::parse(server.asked(method_and_path).at(0).body); }

  FakeCoordinator server;
  LabFolder lab;
};

TEST_F(SchedulingVerbs, WorkersShowWhatHoldsThemBack) {
  server.answer("GET /api/v1/workers",
                {{"items", {worker_document("quarantined", "jobs crashed there", "2026-01-01T00:01:00.000Z")}}});
  const Outcome outcome = call({"workers"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "quarantined until 2026-01-01T00:01:00.000Z")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "gpu=h100")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "gpu-3 jobs crashed there\n")) << outcome.out;
}

TEST_F(SchedulingVerbs, WorkersOfManySmallJobsTakeOneLine) {
  json worker = worker_document("online", nullptr, nullptr);
  for (const char* kind : {"sample", "train_model", "sample"})
    worker["running"].push_back({{"key", std::string(64, 'a')}, {"kind", kind}});
  worker["running_total"] = 4'099;
  server.answer("GET /api/v1/workers", {{"items", {worker}}});
  const Outcome outcome = call({"workers"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, " ×2, ")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, ", 4,096 more")) << outcome.out;
}

TEST_F(SchedulingVerbs, WorkersAreCordonedUncordonedAndDrained) {
  for (const char* action : {"cordon", "uncordon", "drain"}) {
    const std::string route = std::string("POST /api/v1/workers/gpu-3/") + action;
    server.answer(route, {{"items", {worker_document("cordoned", "gets no work", nullptr)}}});
    const Outcome outcome = call({"workers", action, "gpu-3"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(contains(outcome.out, "gpu-3   cordoned")) << outcome.out;
    EXPECT_EQ(server.asked(route).size(), 1U);
  }
  EXPECT_EQ(call({"workers", "cordon"}).code, 1);
  EXPECT_EQ(call({"workers", "shoot", "gpu-3"}).code, 1);
}

TEST_F(SchedulingVerbs, WhyTellsTheReasonOfEveryWorker) {
  server.answer(
      "GET /api/v1/jobs/" + kKey + "/why",
      {{"key", kKey},
       {"state", "queued"},
       {"summary", "It is ready, but none of the 1 connected workers can run it."},
       {"details", {"3 jobs that ask for the same are queued, this one included."}},
       {"workers", {{{"id", "0123"}, {"name", "gpu-3"}, {"suits", false}, {"reason", "lacks the label a=b"}}}}});
  const Outcome outcome = call({"why", kKey});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "none of the 1 connected workers can run it.\n3 jobs")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "gpu-3   0123  no            lacks the label a=b")) << outcome.out;
  EXPECT_EQ(json::parse(call({"why", kKey, "--json"}).out).at("state"), "queued");
  EXPECT_EQ(call({"why", "xyz"}).code, 1);
}

TEST_F(SchedulingVerbs, PriorityChangesWhatIsGiven) {
  json study = testing::study_document("running", 1, 2);
  study["priority"] = 10;
  study["deadline"] = "2027-01-31T12:00:00.000Z";
  server.answer("POST /api/v1/studies/demo/order", study);
  const Outcome outcome = call({"priority", "demo", "10", "--deadline", "2027-01-31T12:00:00Z"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "demo: priority 10, deadline 2027-01-31T12:00:00.000Z\n");
  EXPECT_EQ(body_of("POST /api/v1/studies/demo/order"), json({{"priority", 10}, {"deadline", "2027-01-31T12:00:00Z"}}));
}

TEST_F(SchedulingVerbs, PriorityCanForgetADeadlineAndNeedsSomethingToDo) {
  server.answer("POST /api/v1/studies/demo/order", testing::study_document("running", 1, 2));
  EXPECT_EQ(call({"priority", "demo", "--no-deadline"}).out, "demo: priority 0, no deadline\n");
  EXPECT_EQ(body_of("POST /api/v1/studies/demo/order"), json({{"deadline", nullptr}}));
  EXPECT_EQ(call({"priority", "demo"}).code, 1);
}

TEST_F(SchedulingVerbs, SubmitSaysPriorityDeadlineAndOwner) {
  json study = testing::study_document("queued", 1, 2);
  study.update({{"jobs_total", 2}, {"jobs_new", 1}, {"jobs_done", 1}});
  server.answer("POST /api/v1/studies", study, 201);
  const std::string demo = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml";
  EXPECT_EQ(call({"submit", demo, "--priority", "-5", "--deadline", "2027-01-31T12:00:00Z"}).code, 0);
  const json body = body_of("POST /api/v1/studies");
  EXPECT_EQ(body.at("priority"), -5);
  EXPECT_EQ(body.at("deadline"), "2027-01-31T12:00:00Z");
  EXPECT_FALSE(body.at("owner").get<std::string>().empty());
  EXPECT_EQ(call({"submit", demo, "--priority", "101"}).code, 1);
}

}  // namespace
}  // namespace checkerlab::cli
