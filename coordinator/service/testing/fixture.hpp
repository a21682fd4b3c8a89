// A coordinator on a real database with hand-moved time, an executor that runs when told, and workers that record what
// they get.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "coordinator/service/coordinator.hpp"
#include "coordinator/service/noop_submission.hpp"
#include "coordinator/store/read_models.hpp"

namespace checkerlab::coordinator::testing {

class FakeExecutor {
 public:
  Coordinator::Post post() {
    return [this](std::function<void()> work) {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    };
  }
  bool run_one() {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) return false;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> queue_;
};

// The coordinator's messages to one worker.
class FakeLink final : public WorkerLink {
 public:
  void send(const rpc::CoordinatorMessage& message) override { messages.push_back(message); }
  void close(const std::string& reason) override { closed = reason; }

  template <class Message>
  std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& message : messages) {
      if (const auto* wanted = std::get_if<Message>(&message)) found.push_back(*wanted);
    }
    return found;
  }
  std::vector<rpc::Assignment> assignments() const {
    std::vector<rpc::Assignment> jobs;
    for (const auto& assign : all<rpc::Assign>())
      jobs.insert(jobs.end(), assign.jobs.begin(), assign.jobs.end());
    for (rpc::Assignment& job : jobs)
      rpc::parse_texts(job);
    return jobs;
  }
  std::vector<rpc::Acknowledgement> acks() const {
    std::vector<rpc::Acknowledgement> acks;
    for (const auto& ack : all<rpc::Ack>())
      acks.insert(acks.end(), ack.acks.begin(), ack.acks.end());
    return acks;
  }

  std::vector<rpc::CoordinatorMessage> messages;
  std::string closed;
};

struct FakeWorker {
  std::shared_ptr<FakeLink> link = std::make_shared<FakeLink>();
  SessionId session{};
};

class Bench {
 public:
  explicit Bench(StoreOptions store_options = {}) : store_options_(store_options) { start(); }
  ~Bench() { stop(); }

  // A new process on the same database file; nothing of the old one is told.
  void restart() {
    stop();
    start();
  }

  // Runs everything until nothing is left to do.
  void settle() {
    bool busy = true;
    while (busy) {
      store->flush();
      busy = false;
      while (executor->run_one())
        busy = true;
    }
  }

  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds kStep{1'000};
    for (; time > std::chrono::milliseconds{0}; time -= kStep) {
      clock.advance(std::min(kStep, time));
      coordinator->tick();
      settle();
    }
  }

  SubmitOutcome submit(StudySubmission submission) {
    return wait<SubmitOutcome>([&](auto done) { coordinator->submit_study(std::move(submission), done); });
  }
  SubmitOutcome submit_noop(const std::string& name, std::int64_t count, const std::string& mode = "ok",
                            sweeps::RankRange ranks = {}) {
    return submit(noop_submission(name, count, mode, ranks));
  }
  std::string cancel(const std::string& study) {
    return wait<std::string>([&](auto done) { coordinator->cancel_study(study, done); });
  }

  ReviseOutcome revise(const std::string& study, StudySubmission submission,
                       std::optional<std::int64_t> based_on = std::nullopt) {
    return wait<ReviseOutcome>(
        [&](auto done) { coordinator->revise_study(study, std::move(submission), based_on, done); });
  }
  RerunOutcome rerun(const std::string& study, const RerunRequest& request) {
    return wait<RerunOutcome>([&](auto done) { coordinator->rerun_jobs(study, request, done); });
  }
  PauseOutcome pause(const std::string& study, const PauseRequest& request = {}) {
    return wait<PauseOutcome>([&](auto done) { coordinator->pause_study(study, request, done); });
  }
  std::string archive(const std::string& study, bool archived = true) {
    return wait<std::string>([&](auto done) { coordinator->archive_study(study, archived, done); });
  }

  FakeWorker connect(const std::string& instance, int slots = 1, std::vector<rpc::AttemptRef> held = {},
                     std::vector<std::string> kinds = {"noop"}) {
    FakeWorker worker;
    worker.session = coordinator->session_opened(worker.link);
    rpc::Hello hello;
    hello.name = "tester";
    hello.instance = instance;
    hello.version = "1.2.3";
    hello.slots = slots;
    hello.kinds = std::move(kinds);
    hello.device.type = "cpu";
    hello.held = std::move(held);
    tell(worker, {hello});
    return worker;
  }
  void tell(const FakeWorker& worker, const std::vector<rpc::WorkerMessage>& messages) {
    coordinator->session_messages(worker.session, messages);
    settle();
  }

  static rpc::AttemptFinished success(const rpc::AttemptRef& attempt) {
    return {attempt, rpc::Outcome::kSucceeded, rpc::JobResult{{{"index", 1.0}}, {}, {}}, std::nullopt};
  }
  static rpc::AttemptFinished failure(const rpc::AttemptRef& attempt, const std::string& code, bool retryable) {
    rpc::AttemptFinished message{attempt, rpc::Outcome::kFailed, std::nullopt, rpc::JobFailure{}};
    message.error->code = code;
    message.error->message = "it broke";
    message.error->retryable = retryable;
    return message;
  }

  // Starts and finishes everything the worker was given, until nothing comes any more. Gives how many.
  int work_off(const FakeWorker& worker) {
    int finished = 0;
    for (std::size_t next = 0; next < worker.link->assignments().size(); ++next, ++finished) {
      const rpc::AttemptRef attempt = worker.link->assignments()[next].attempt;
      tell(worker, {rpc::AttemptStarted{attempt}, success(attempt)});
    }
    return finished;
  }

  std::int64_t number(const std::string& sql) {
    return store->read([&](SQLite::Database& database) { return database.execAndGet(sql).getInt64(); });
  }

  TemporaryFolder folder;
  ManualClock clock{UtcTime(std::chrono::milliseconds(1'700'000'000'000))};
  std::unique_ptr<FakeExecutor> executor;
  std::unique_ptr<Store> store;
  std::unique_ptr<Coordinator> coordinator;
  std::unique_ptr<ReadModels> reads;
  std::vector<ServerEvent> events;
  std::function<bool(const std::string&)> artifact_exists = [](const std::string&) { return true; };

 private:
  void start() {
    executor = std::make_unique<FakeExecutor>();
    store = std::make_unique<Store>(folder.path() / "checkerlab.db", store_options_);
    reads = std::make_unique<ReadModels>(*store, clock);
    coordinator = std::make_unique<Coordinator>(
        *store, clock, executor->post(), [this](const std::string& sha256) { return artifact_exists(sha256); },
        [this](const ServerEvent& event) { events.push_back(event); });
    coordinator->load();
    settle();
  }
  // As a kill would: what was not committed is gone, what was committed stays, nobody is told.
  void stop() {
    coordinator.reset();
    reads.reset();
    store.reset();
    executor.reset();
  }

  template <class T, class Call>
  T wait(Call&& call) {
    T result{};
    std::exception_ptr failure;
    bool called = false;
    call([&](std::exception_ptr error, T value) {
      called = true;
      failure = error;
      result = std::move(value);
    });
    EXPECT_FALSE(called) << "the callback came from inside the call";
    settle();
    EXPECT_TRUE(called);
    if (failure) std::rethrow_exception(failure);
    return result;
  }

  StoreOptions store_options_;
};

}  // namespace checkerlab::coordinator::testing
