#include "worker/agent/session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::chrono::milliseconds kFlushEvery{200};
constexpr std::chrono::microseconds kCoalesce{1000};
constexpr std::chrono::milliseconds kStartPatience{10};

bool is_final(const rpc::Problem& problem) {
  return problem.status == 401 || problem.status == 403 || problem.code() == to_string(ErrorCode::version_mismatch);
}

}  // namespace

Session::Session(boost::asio::io_context& context, LinkFactory factory, BackoffLimits reconnect,
                 SessionCallbacks callbacks)
    : context_(context),
      factory_(std::move(factory)),
      callbacks_(std::move(callbacks)),
      backoff_(reconnect),
      connect_timer_(context),
      heartbeat_timer_(context),
      flush_timer_(context),
      send_timer_(context),
      start_timer_(context) {}

void Session::open() {
  connect();
  flush_later();
}

void Session::connect() {
  LinkCallbacks callbacks;
  callbacks.on_open = [this] { opened(); };
  callbacks.on_message = [this](rpc::CoordinatorMessage message) { received(std::move(message)); };
  callbacks.on_close = [this](const rpc::Problem& problem) { ended(problem); };
  try {
    link_ = factory_(std::move(callbacks));
  } catch (const Error& error) {
    spdlog::debug("cannot connect: {}", error.full_text());
    connect_later();
  }
}

void Session::opened() {
  local_host_ = link_->local_host();
  link_->send(callbacks_.hello());
}

void Session::received(rpc::CoordinatorMessage message) {
  if (const auto* welcome = std::get_if<rpc::Welcome>(&message)) {
    take_welcome(*welcome);
  } else if (const auto* error = std::get_if<rpc::ProtocolError>(&message); error && is_final(error->problem)) {
    closing_ = true;
    callbacks_.on_refused(error->problem);
  } else {
    callbacks_.on_message(std::move(message));
  }
}

void Session::take_welcome(const rpc::Welcome& welcome) {
  spdlog::info("connected as {}, lease {} s", welcome.worker_id, welcome.lease_seconds);
  heartbeat_every_ = std::chrono::milliseconds(static_cast<std::int64_t>(welcome.heartbeat_seconds * 1000));
  welcomed_ = ever_welcomed_ = true;
  backoff_.reset();
  heartbeat_later();
  callbacks_.on_welcome();
}

void Session::ended(const rpc::Problem& problem) {
  if (std::exchange(welcomed_, false) && !closing_) spdlog::warn("connection lost: {}", problem.detail);
  heartbeat_timer_.cancel();
  send_timer_.cancel();
  start_timer_.cancel();
  queued_.clear();
  starts_.clear();
  // The callback runs inside the link's own; it goes when that has returned.
  boost::asio::post(context_, [old = std::move(link_)] {});
  if (closing_) {
    if (auto closed = std::exchange(closed_, nullptr)) closed();
  } else if (is_final(problem) && !ever_welcomed_) {
    closing_ = true;
    callbacks_.on_refused(problem);
  } else {
    connect_later();
  }
}

void Session::connect_later() {
  connect_timer_.expires_after(backoff_.next());
  connect_timer_.async_wait([this](auto error) {
    if (!error && !closing_) connect();
  });
}

void Session::heartbeat_later() {
  heartbeat_timer_.expires_after(heartbeat_every_);
  heartbeat_timer_.async_wait([this](auto error) {
    if (error || !welcomed_) return;
    link_->send(rpc::Heartbeat{callbacks_.unfinished(), callbacks_.devices()});
    heartbeat_later();
  });
}

void Session::flush_later() {
  flush_timer_.expires_after(kFlushEvery);
  flush_timer_.async_wait([this](auto error) {
    if (error) return;
    flush();
    flush_later();
  });
}

void Session::flush() {
  if (!welcomed_) return;
  for (auto& message : outbox_.take_all())
    queue(std::move(message));
}

void Session::queue(rpc::WorkerMessage message) {
  if (const auto* finished = std::get_if<rpc::AttemptFinished>(&message)) tell_start_before(*finished);
  queued_.push_back(std::move(message));
  if (queued_.size() > 1) return;
  send_timer_.expires_at(std::max(std::chrono::steady_clock::now(), sent_at_ + kCoalesce));
  send_timer_.async_wait([this](auto error) {
    if (!error) send_queued();
  });
}

void Session::send_start_unless_over(const AttemptId& about, rpc::AttemptStarted message) {
  if (!welcomed_) return;
  const bool first = starts_.empty();
  starts_.emplace(about, std::move(message));
  if (!first) return;
  start_timer_.expires_after(kStartPatience);
  start_timer_.async_wait([this](auto error) {
    if (error) return;
    for (auto& start : std::exchange(starts_, {}))
      queue(std::move(start.second));
  });
}

// That it succeeded says that it had begun; other ends may be told by what came before.
void Session::tell_start_before(const rpc::AttemptFinished& finished) {
  if (starts_.empty()) return;
  auto start = starts_.extract(to_id(finished.attempt));
  if (start && finished.outcome != rpc::Outcome::kSucceeded) queue(std::move(start.mapped()));
}

void Session::send_queued() {
  const auto messages = std::exchange(queued_, {});
  sent_at_ = std::chrono::steady_clock::now();
  if (!welcomed_) return;
  for (const auto& message : messages)
    link_->send(message);
}

void Session::send(const AttemptId& about, const rpc::WorkerMessage& message) {
  if (!welcomed_) return;
  if (!outbox_.empty()) {
    for (auto& gathered : outbox_.take(about))
      queue(std::move(gathered));
  }
  queue(message);
}

void Session::close(std::function<void()> closed) {
  closing_ = true;
  connect_timer_.cancel();
  flush_timer_.cancel();
  flush();
  send_timer_.cancel();
  send_queued();
  if (!link_) return closed();
  closed_ = std::move(closed);
  link_->close();
}

}  // namespace checkerlab::worker
