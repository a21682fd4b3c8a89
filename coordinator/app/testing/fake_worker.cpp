#include "coordinator/app/testing/fake_worker.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "schemas/validate.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::chrono::seconds kPatience{10};

}  // namespace

FakeWorker::FakeWorker(const rpc::Endpoint& endpoint)
    : work_(boost::asio::make_work_guard(context_)),
      client_(context_, endpoint,
              {.on_open = {},
               .on_message =
                   [this](const std::string& text) {
                     const std::lock_guard guard(mutex_);
                     for (auto& message : rpc::decode_coordinator_frame(text))
                       messages_.push_back(std::move(message));
                     changed_.notify_all();
                   },
               .on_close =
                   [this](const rpc::Problem& problem) {
                     const std::lock_guard guard(mutex_);
                     closed_ = problem;
                     changed_.notify_all();
                   }}),
      thread_([this] { context_.run(); }) {
  client_.open();
}

FakeWorker::~FakeWorker() {
  context_.stop();
  thread_.join();
}

void FakeWorker::say_hello(const std::string& name, int slots) {
  send(rpc::Hello{.name = name,
                  .instance = name + "-instance",
                  .version = "test",
                  .slots = slots,
                  .prefetch = 0,
                  .kinds = job_kinds(),
                  .device = {.type = "cpu", .name = "none", .memory_bytes = 0, .count = 1},
                  .held = {}});
}

rpc::CoordinatorMessage FakeWorker::take(const std::function<bool(const rpc::CoordinatorMessage&)>& wanted) {
  std::unique_lock lock(mutex_);
  auto found = messages_.end();
  const auto arrived = [&] {
    return (found = std::find_if(messages_.begin(), messages_.end(), wanted)) != messages_.end();
  };
  if (!changed_.wait_for(lock, kPatience, arrived)) {
    throw Error(ErrorCode::timeout, "the coordinator sent no message of the kind waited for");
  }
  auto message = std::move(*found);
  messages_.erase(found);
  return message;
}

rpc::Problem FakeWorker::wait_for_close() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [&] { return closed_.has_value(); })) {
    throw Error(ErrorCode::timeout, "the coordinator kept the connection");
  }
  return *closed_;
}

rpc::AttemptFinished succeeded(const rpc::Assignment& job) {
  return {.attempt = job.attempt,
          .outcome = rpc::Outcome::kSucceeded,
          .result = rpc::JobResult{.metrics = {{"index", 0}}, .artifacts = {}, .identity = {}},
          .error = std::nullopt};
}

}  // namespace checkerlab::coordinator
