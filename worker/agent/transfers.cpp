#include "worker/agent/transfers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace checkerlab::worker {

Transfers::Transfers(boost::asio::io_context& context, ArtifactSourceFactory factory, int threads)
    : context_(context), factory_(std::move(factory)) {
  for (int i = 0; i < threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
}

Transfers::~Transfers() {
  for (auto& thread : threads_)
    thread.request_stop();
  threads_.clear();
}

void Transfers::run(Work work, Done done) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(work), std::move(done)});
  changed_.notify_one();
}

void Transfers::serve(const std::stop_token& stop) {
  const auto source = factory_(stop);
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    if (stop.stop_requested()) return;
    std::exception_ptr failure;
    try {
      task.work(*source);
    } catch (...) {
      failure = std::current_exception();
    }
    // Moved on: the exception is released on one thread only.
    boost::asio::post(context_, [done = std::move(task.done), failure = std::move(failure)] { done(failure); });
  }
}

}  // namespace checkerlab::worker
