#include "worker/agent/agent.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "base/random_token.hpp"
#include "base/version.hpp"

namespace checkerlab::worker {
namespace {

constexpr int kTransferThreads = 3;
// A stop is over within a second: most of it for the runners to stop, the rest for the coordinator to answer.
constexpr std::chrono::milliseconds kGiveUpAfter{750};
constexpr std::chrono::milliseconds kLeaveAfter{150};

}  // namespace

Agent::Agent(boost::asio::io_context& context, AgentOptions options, AgentSeams seams)
    : options_(std::move(options)),
      instance_(random_token(16)),
      cache_(options_.cache_folder, options_.cache_limit_bytes, seams.files),
      transfers_(context, std::move(seams.artifacts), kTransferThreads),
      runners_(context, {options_.runner_command, options_.slots, options_.cancel_grace}, pool_callbacks()),
      session_(context, std::move(seams.links), options_.reconnect, session_callbacks()),
      attempts_({context, session_, transfers_, cache_, runners_, seams.clock, options_.cache_folder / "scratch",
                 options_.device, options_.gang_host, options_.gang_grace}),
      deadline_(context) {
  std::error_code ignored;  // what a killed agent left
  std::filesystem::remove_all(options_.cache_folder / "scratch", ignored);
  attempts_.on_change = [this] { changed(); };
}

SessionCallbacks Agent::session_callbacks() {
  return {[this] { return hello(); },
          [this] { return attempts_.unfinished(); },
          [this] { attempts_.tell_again(); },
          [this](rpc::CoordinatorMessage message) { take(std::move(message)); },
          [this](const rpc::Problem& problem) { finish(problem); },
          options_.device_load};
}

PoolCallbacks Agent::pool_callbacks() {
  return {[this](const Event& event) { attempts_.take_event(event); },
          [this](const AttemptId* id, const std::string& line) {
            if (id == nullptr) {
              spdlog::info("runner: {}", line);
            } else {
              attempts_.take_output(*id, line);
            }
          },
          [this](const RunnerDeath& death) {
            spdlog::warn("a runner ended with {}", death.status.text());
            attempts_.take_death(death);
          },
          [this] { attempts_.dispatch(); }};
}

rpc::Hello Agent::hello() const {
  return {options_.name,        instance_,        version_string(), options_.slots, options_.prefetch, options_.kinds,
          options_.device_info, attempts_.held(), options_.labels};
}

void Agent::start(std::function<void(const std::optional<rpc::Problem>&)> stopped) {
  stopped_ = std::move(stopped);
  session_.open();
}

void Agent::take(rpc::CoordinatorMessage message) {
  std::visit(
      rpc::Overloaded{[](const rpc::Welcome&) {},
                      [this](rpc::Assign& assign) {
                        if (state_ == State::working) attempts_.assign(std::move(assign));
                      },
                      [this](const rpc::Cancel& cancel) { attempts_.cancel(to_id(cancel.attempt), cancel.reason); },
                      [this](const rpc::Ack& ack) { attempts_.acknowledge(ack); },
                      [this](const rpc::GangAddress& address) { attempts_.take_address(address); },
                      [this](const rpc::Drain&) {
                        if (state_ == State::working) state_ = State::draining;
                        changed();
                      },
                      [](const rpc::ProtocolError& error) {
                        spdlog::error("the coordinator complains: {} {}", error.problem.detail, error.problem.fix);
                      }},
      message);
}

void Agent::stop() {
  if (state_ == State::stopping || state_ == State::leaving || state_ == State::stopped) return;
  state_ = State::stopping;
  deadline_.expires_after(kGiveUpAfter);
  deadline_.async_wait([this](auto error) {
    if (error || state_ != State::stopping) return;
    attempts_.give_up();
    say_goodbye();
  });
  attempts_.preempt();
  changed();
}

void Agent::changed() {
  if (state_ == State::draining && attempts_.empty()) return say_goodbye();
  if (state_ != State::stopping) return;
  const bool nobody_listens = !session_.welcomed() && attempts_.all_finished();
  if (attempts_.empty() || nobody_listens) say_goodbye();
}

void Agent::say_goodbye() {
  state_ = State::leaving;
  deadline_.expires_after(kLeaveAfter);
  deadline_.async_wait([this](auto error) {
    if (!error) finish(std::nullopt);
  });
  session_.close([this] { finish(std::nullopt); });
}

void Agent::finish(const std::optional<rpc::Problem>& problem) {
  if (std::exchange(state_, State::stopped) == State::stopped) return;
  deadline_.cancel();
  if (stopped_) stopped_(problem);
}

}  // namespace checkerlab::worker
