#include "libmodel/distributed/rank_exchange.hpp"

#include <poll.h>

#include <algorithm>
#include <string>
#include <utility>

#include "libmodel/distributed/operation.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kChunk = 256 << 10;
constexpr int kBeats = 6;  // in the time after which a rank that gives none stands still
constexpr const char* kAdvice = "Look at that rank's log; the same command goes on from the last checkpoint";

std::string rank_name(int rank) {
  return "rank " + std::to_string(rank);
}

std::string text_of(const FrameHeader& header) {
  return "operation " + std::to_string(header.number) + " on " + std::to_string(header.bytes) + " bytes";
}

}  // namespace

RankExchange::RankExchange(const SocketRankOptions& options, std::vector<Descriptor> sockets)
    : options_(options), next_beat_(std::chrono::steady_clock::now()) {
  for (auto& socket : sockets) {
    const int peer = options.rank == 0 ? static_cast<int>(peers_.size()) + 1 : 0;
    peers_.emplace_back(RankSocket(std::move(socket), peer, interrupt_.descriptor(),
                                   {options.standstill, [this] { return beat_when_due(); }}));
  }
  thread_ = std::thread([this] { run(); });
}

RankExchange::~RankExchange() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  posted_.raise();
  thread_.join();
}

std::shared_ptr<RankExchange::Operation> RankExchange::post(FrameKind kind, std::vector<at::Tensor> tensors,
                                                            bool patient) {
  auto operation = std::make_shared<Operation>();
  operation->kind = kind;
  operation->tensors = std::move(tensors);
  operation->patient = patient;
  {
    const std::lock_guard lock(mutex_);
    if (failure_) throw Error(*failure_);
    queue_.push_back(operation);
  }
  posted_.raise();
  return operation;
}

void RankExchange::wait(const Operation& operation) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return operation.done || failure_; });
  if (!operation.done) throw Error(*failure_);
}

void RankExchange::throw_if_failed() {
  const std::lock_guard lock(mutex_);
  if (failure_) throw Error(*failure_);
}

void RankExchange::fail(const Error& error) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    failure_ = Error(error.code(), error.what(), error.fix().empty() ? kAdvice : error.fix());
    changed_.notify_all();
  }
  interrupt_.raise();
  if (options_.on_failure) options_.on_failure(error);
}

void RankExchange::run() noexcept {
  try {
    while (const auto operation = next()) {
      perform(*operation);
      ++number_;
      const std::lock_guard lock(mutex_);
      operation->done = true;
      operation->tensors.clear();
      changed_.notify_all();
    }
  } catch (const Error& error) {
    fail(error);
  } catch (const std::exception& error) {
    fail(Error(ErrorCode::internal, error.what()));
  }
  say_farewell();
}

// The next operation; nothing once the communicator is destroyed and no operation is left.
std::shared_ptr<RankExchange::Operation> RankExchange::next() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_) throw Error(*failure_);
      if (!queue_.empty()) {
        auto operation = queue_.front();
        queue_.pop_front();
        return operation;
      }
      if (stopping_) return nullptr;
    }
    listen();
  }
}

void RankExchange::listen() {
  std::vector<pollfd> watched{{posted_.descriptor(), POLLIN, 0}, {interrupt_.descriptor(), POLLIN, 0}};
  std::vector<Peer*> heard;
  for (Peer& peer : peers_) {
    if (peer.waiting || peer.left) continue;
    watched.push_back({peer.socket.descriptor(), POLLIN, 0});
    heard.push_back(&peer);
  }
  const int wait = milliseconds_until(beat_when_due());
  if (::poll(watched.data(), watched.size(), wait) < 0 && errno != EINTR) throw errno_error(errno, "wait for ranks");
  posted_.lower();
  beat_when_due();
  const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (watched[i + 2].revents != 0) {
      hear(*heard[i], deadline);
    } else {
      heard[i]->socket.expect_running();
    }
  }
}

RankExchange::Deadline RankExchange::beat_when_due() {
  const auto every = options_.standstill / kBeats;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_beat_) return next_beat_;
  const auto late = now - next_beat_;
  for (Peer& peer : peers_) {
    if (late > every) peer.socket.excuse(late);  // this rank was stopped, or its machine was
    if (!peer.left) peer.socket.beat();
  }
  next_beat_ = now + every;
  return next_beat_;
}

// Takes the next header of a peer, which may be a beat. Throws what it tells of a failure.
void RankExchange::hear(Peer& peer, Deadline deadline) {
  const FrameHeader header = peer.socket.receive_header(deadline);
  if (header.kind == FrameKind::beat) return;
  if (header.kind == FrameKind::failure) {
    const std::string text = peer.socket.receive_text(header.bytes, deadline);
    const auto code = text.substr(0, text.find('\n'));
    throw Error(error_code_from(code), text.substr(std::min(text.size(), code.size() + 1)));
  }
  if (header.kind == FrameKind::leave) {
    peer.left = true;
  } else {
    peer.waiting = header;
  }
}

void RankExchange::perform(Operation& operation) {
  const auto type = operation.tensors.empty() ? c10::kLong : operation.tensors.front().scalar_type();
  const FrameHeader reply{.kind = operation.kind,
                          .type = static_cast<std::uint32_t>(type),
                          .number = number_,
                          .bytes = total_bytes(operation.tensors)};
  // A broadcast is asked for with an empty frame: a rank that does something else is found out.
  FrameHeader request = reply;
  if (operation.kind == FrameKind::broadcast) request.bytes = 0;
  try {
    options_.rank == 0 ? perform_as_root(operation, request, reply) : perform_as_other(operation, request, reply);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::timeout) throw;
    throw Error(ErrorCode::timeout,
                std::string(error.what()) + " for " + std::to_string(options_.timeout.count()) + " ms");
  }
}

// Rank 0 gives up first: it knows which rank is silent.
RankExchange::Deadline RankExchange::deadline_of(const Operation& operation) const {
  if (operation.patient) return Deadline::max();
  const auto timeout = options_.rank == 0 ? options_.timeout : options_.timeout + options_.timeout / 4;
  return std::chrono::steady_clock::now() + timeout;
}

void RankExchange::perform_as_root(const Operation& operation, const FrameHeader& request, const FrameHeader& reply) {
  const auto deadline = deadline_of(operation);
  for (Peer& peer : peers_) {
    expect(peer, request, deadline);
    if (operation.kind == FrameKind::sum) add_from(peer, operation, deadline);
  }
  for (Peer& peer : peers_)
    send(peer, reply, memory_of(operation.tensors), deadline);
}

void RankExchange::perform_as_other(const Operation& operation, const FrameHeader& request, const FrameHeader& reply) {
  const auto deadline = deadline_of(operation);
  const auto memory = memory_of(operation.tensors);
  Peer& root = peers_.front();
  send(root, request, request.bytes > 0 ? memory : std::vector<std::span<std::byte>>(), deadline);
  expect(root, reply, deadline);
  for (const auto part : memory)
    root.socket.receive(part, deadline);
}

// Who is gone may have said why before it went, while this rank was busy sending.
void RankExchange::send(Peer& peer, const FrameHeader& header, const std::vector<std::span<std::byte>>& payload,
                        Deadline deadline) {
  try {
    peer.socket.send(header, payload, deadline);
  } catch (const Error& error) {
    while (error.code() == ErrorCode::unavailable && !peer.waiting && !peer.left)
      hear(peer, deadline);
    throw;
  }
}

void RankExchange::expect(Peer& peer, const FrameHeader& wanted, Deadline deadline) {
  while (!peer.waiting && !peer.left)
    hear(peer, deadline);
  if (peer.left) throw Error(ErrorCode::unavailable, rank_name(peer.socket.peer()) + " left while others wait for it");
  const FrameHeader got = *std::exchange(peer.waiting, std::nullopt);
  if (got.kind == wanted.kind && got.type == wanted.type && got.number == wanted.number && got.bytes == wanted.bytes)
    return;
  throw Error(ErrorCode::internal, rank_name(peer.socket.peer()) + " does " + text_of(got) + ", " +
                                       rank_name(options_.rank) + " waits for " + text_of(wanted));
}

void RankExchange::add_from(Peer& peer, const Operation& operation, Deadline deadline) {
  chunk_.resize(kChunk);
  for (auto part : memory_of(operation.tensors)) {
    while (!part.empty()) {
      const auto piece = std::span(chunk_).first(std::min(part.size(), kChunk));
      peer.socket.receive(piece, deadline);
      add_into(operation.tensors.front().scalar_type(), part.first(piece.size()), piece);
      part = part.subspan(piece.size());
    }
  }
}

// Tells the others that this rank leaves, or why it failed.
void RankExchange::say_farewell() noexcept {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (failure_) text = std::string(to_string(failure_->code())) + "\n" + failure_->what();
    queue_.clear();
  }
  for (Peer& peer : peers_) {
    if (!text.empty()) {
      peer.socket.last_words(text);
    } else if (!peer.left) {
      peer.socket.send_leave(std::chrono::steady_clock::now() + options_.timeout);
    }
  }
}

}  // namespace checkerlab::model
