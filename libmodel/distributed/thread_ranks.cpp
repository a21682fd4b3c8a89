#include "libmodel/distributed/thread_ranks.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "libmodel/distributed/operation.hpp"

namespace checkerlab::model {
namespace {

enum class Kind { sum, broadcast };

// One operation that not all ranks have joined, or not all have seen finished.
struct Meeting {
  Meeting(Kind what, std::size_t size, std::size_t bytes_each)
      : kind(what), bytes(bytes_each), tensors(size), joined(size, false) {}

  const Kind kind;
  const std::size_t bytes;                       // of a rank's tensors
  std::vector<std::vector<at::Tensor>> tensors;  // by rank
  std::vector<bool> joined;                      // by rank
  bool done = false;
};

void finish(Meeting& meeting) {
  auto& first = meeting.tensors.front();
  for (std::size_t rank = 1; meeting.kind == Kind::sum && rank < meeting.tensors.size(); ++rank) {
    const auto sums = memory_of(first), terms = memory_of(meeting.tensors[rank]);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      add_into(first.front().scalar_type(), sums[i], terms[i]);
    }
  }
  const auto result = memory_of(first);
  for (std::size_t rank = 1; rank < meeting.tensors.size(); ++rank) {
    const auto copies = memory_of(meeting.tensors[rank]);
    for (std::size_t i = 0; i < copies.size(); ++i) {
      std::memcpy(copies[i].data(), result[i].data(), copies[i].size());
    }
  }
  meeting.tensors.clear();
  meeting.done = true;
}

class Room {
 public:
  Room(int size, std::chrono::milliseconds timeout) : timeout_(timeout), left_(static_cast<std::size_t>(size), false) {}

  int size() const { return static_cast<int>(left_.size()); }

  // The last rank that joins does the work.
  std::shared_ptr<Meeting> join(int rank, std::int64_t number, Kind kind, std::vector<at::Tensor> tensors) {
    check_cpu_tensors(tensors, kind == Kind::sum);
    const std::lock_guard lock(mutex_);
    throw_if_failed_locked();
    const auto index = static_cast<std::size_t>(rank);
    auto& slot = meetings_[number];
    if (!slot) slot = std::make_shared<Meeting>(kind, left_.size(), total_bytes(tensors));
    const auto meeting = slot;
    if (meeting->kind != kind || meeting->bytes != total_bytes(tensors)) {
      fail_locked(
          Error(ErrorCode::internal, "rank " + std::to_string(rank) + " does another operation than the others"));
      throw_if_failed_locked();
    }
    meeting->tensors[index] = std::move(tensors);
    meeting->joined[index] = true;
    if (std::ranges::all_of(meeting->joined, std::identity())) {
      finish(*meeting);
      meetings_.erase(number);
      changed_.notify_all();
    }
    return meeting;
  }

  void wait(const std::shared_ptr<Meeting>& meeting, bool patient = false) {
    std::unique_lock lock(mutex_);
    const auto over = [&] { return meeting->done || failure_ || absent(*meeting); };
    if (patient) changed_.wait(lock, over);
    if (!changed_.wait_for(lock, timeout_, over))
      fail_locked(Error(ErrorCode::timeout, "a rank was silent for " + std::to_string(timeout_.count()) + " ms"));
    if (meeting->done) return;
    throw_if_failed_locked();
    throw Error(ErrorCode::unavailable, "rank " + std::to_string(*absent(*meeting)) + " left while others wait for it");
  }

  void throw_if_failed() {
    const std::lock_guard lock(mutex_);
    throw_if_failed_locked();
  }

  void abort(int rank, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    fail_locked(Error(ErrorCode::unavailable, "rank " + std::to_string(rank) + " failed: " + reason));
  }

  void leave(int rank) {
    const std::lock_guard lock(mutex_);
    left_[static_cast<std::size_t>(rank)] = true;
    changed_.notify_all();
  }

 private:
  // A rank that left without having joined.
  std::optional<std::size_t> absent(const Meeting& meeting) const {
    for (std::size_t rank = 0; !meeting.done && rank < left_.size(); ++rank) {
      if (left_[rank] && !meeting.joined[rank]) return rank;
    }
    return std::nullopt;
  }
  void fail_locked(const Error& error) {
    if (!failure_) failure_ = error;
    changed_.notify_all();
  }
  void throw_if_failed_locked() {
    if (failure_) throw Error(*failure_);
  }

  const std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, std::shared_ptr<Meeting>> meetings_;  // by number of the operation
  std::vector<bool> left_;                                     // by rank
  std::optional<Error> failure_;
};

class Pending final : public PendingOperation {
 public:
  Pending(std::shared_ptr<Room> room, std::shared_ptr<Meeting> meeting)
      : room_(std::move(room)), meeting_(std::move(meeting)) {}
  void wait() override { room_->wait(meeting_); }

 private:
  std::shared_ptr<Room> room_;
  std::shared_ptr<Meeting> meeting_;
};

class ThreadRank final : public Communicator {
 public:
  ThreadRank(std::shared_ptr<Room> room, int rank) : room_(std::move(room)), rank_(rank) {}
  ~ThreadRank() override { room_->leave(rank_); }

  int rank() const override { return rank_; }
  int size() const override { return room_->size(); }
  std::unique_ptr<PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) override {
    return std::make_unique<Pending>(room_, room_->join(rank_, next_++, Kind::sum, std::move(tensors)));
  }
  void broadcast(std::vector<at::Tensor> tensors) override {
    room_->wait(room_->join(rank_, next_++, Kind::broadcast, std::move(tensors)));
  }
  void barrier() override { room_->wait(room_->join(rank_, next_++, Kind::sum, {})); }
  void patient_barrier() override { room_->wait(room_->join(rank_, next_++, Kind::sum, {}), /*patient=*/true); }
  void throw_if_failed() override { room_->throw_if_failed(); }
  void abort(const std::string& reason) noexcept override { room_->abort(rank_, reason); }

 private:
  std::shared_ptr<Room> room_;
  const int rank_;
  std::int64_t next_ = 0;
};

}  // namespace

std::vector<std::unique_ptr<Communicator>> make_thread_ranks(int size, std::chrono::milliseconds timeout) {
  const auto room = std::make_shared<Room>(size, timeout);
  std::vector<std::unique_ptr<Communicator>> ranks;
  for (int rank = 0; rank < size; ++rank) {
    ranks.push_back(std::make_unique<ThreadRank>(room, rank));
  }
  return ranks;
}

}  // namespace checkerlab::model
