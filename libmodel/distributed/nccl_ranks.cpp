#include "libmodel/distributed/nccl_ranks.hpp"

#include <ATen/ATen.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/util/Exception.h>

#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "libmodel/distributed/nccl_id_store.hpp"

namespace checkerlab::model {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{100};

std::string first_line(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return text.substr(0, text.find('\n'));
}

class Pending final : public PendingOperation {
 public:
  Pending(Communicator& ranks, std::vector<c10::intrusive_ptr<c10d::Work>> works)
      : ranks_(ranks), works_(std::move(works)) {}
  void wait() override {
    ranks_.throw_if_failed();
    try {
      for (const auto& work : works_)
        work->wait();
    } catch (const c10::Error& error) {
      ranks_.abort(first_line(error));
      ranks_.throw_if_failed();
    }
  }

 private:
  Communicator& ranks_;
  std::vector<c10::intrusive_ptr<c10d::Work>> works_;
};

class NcclRank final : public Communicator {
 public:
  explicit NcclRank(c10::Device device) : device_(device) {}

  ~NcclRank() override {
    const bool in_order = finish_together();
    if (!in_order && host_) abort("it stopped before the others");
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (watch_.joinable()) watch_.join();
    group_.reset();
    host_.reset();
  }

  void connect(SocketRankOptions options, std::vector<Descriptor> sockets) {
    options.on_failure = [this](const Error&) { note_failure(); };
    host_ = make_socket_rank(options, std::move(sockets));
    try {
      c10::cuda::set_device(device_.index());
      make_group(options);
      watch_ = std::thread([this] { watch(); });
      group_->eagerConnectSingleDevice(device_);
    } catch (const c10::Error& error) {
      abort("NCCL cannot connect: " + first_line(error));
      throw_if_failed();
    }
    all_reduce_sum({at::ones({1}, at::TensorOptions(device_).dtype(at::kFloat))})->wait();
    c10::cuda::device_synchronize();
    throw_if_failed();
  }

  int rank() const override { return host_->rank(); }
  int size() const override { return host_->size(); }

  std::unique_ptr<PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) override {
    if (tensors.empty() || tensors.front().is_cpu()) return host_->all_reduce_sum(std::move(tensors));
    return start(tensors, [this](std::vector<at::Tensor>& one) { return group_->allreduce(one); });
  }

  void broadcast(std::vector<at::Tensor> tensors) override {
    if (tensors.empty() || tensors.front().is_cpu()) return host_->broadcast(std::move(tensors));
    start(tensors, [this](std::vector<at::Tensor>& one) { return group_->broadcast(one); })->wait();
  }

  void barrier() override { host_->barrier(); }
  void patient_barrier() override { host_->patient_barrier(); }
  void throw_if_failed() override { host_->throw_if_failed(); }
  void abort(const std::string& reason) noexcept override { host_->abort(reason); }

 private:
  void make_group(const SocketRankOptions& options) {
    const auto store = c10::make_intrusive<NcclIdStore>(*host_);
    store->setTimeout(options.timeout);
    const auto settings = c10d::ProcessGroupNCCL::Options::create(/*is_high_priority_stream=*/true);
    settings->timeout = options.timeout;
    group_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, options.rank, options.size, settings);
  }

  template <typename Start>
  std::unique_ptr<PendingOperation> start(const std::vector<at::Tensor>& tensors, const Start& begin) {
    throw_if_failed();
    std::vector<c10::intrusive_ptr<c10d::Work>> works;
    try {
      for (const at::Tensor& tensor : tensors) {
        std::vector<at::Tensor> one{tensor};
        works.push_back(begin(one));
      }
    } catch (const c10::Error& error) {
      abort(first_line(error));
      throw_if_failed();
    }
    return std::make_unique<Pending>(*this, std::move(works));
  }

  void note_failure() {
    {
      const std::lock_guard lock(mutex_);
      failed_ = true;
    }
    changed_.notify_all();
  }

  // Turns NCCL's errors and time-outs into a failure of this rank, and any failure into the end of NCCL's kernels.
  void watch() {
    std::unique_lock lock(mutex_);
    while (!stopping_ && !failed_) {
      changed_.wait_for(lock, kWatchInterval);
      if (stopping_ || failed_) break;
      const auto state = group_->getError();
      if (state == c10d::ErrorType::SUCCESS) continue;
      lock.unlock();
      host_->abort(state == c10d::ErrorType::TIMEOUT ? "other ranks were silent in NCCL" : "NCCL reports an error");
      lock.lock();
    }
    lock.unlock();
    end_group();
  }

  void end_group() noexcept {
    try {
      group_->abort();
    } catch (const std::exception&) {
      return;  // its time-out; the process that started the ranks ends them
    }
  }

  // Waits for the others, so that nobody takes away what another still uses; false after a failure.
  bool finish_together() noexcept {
    try {
      if (!host_ || std::uncaught_exceptions() > 0) return false;
      throw_if_failed();
      c10::cuda::device_synchronize();
      host_->barrier();
      return true;
    } catch (const std::exception&) {
      return false;  // it was reported where it mattered
    }
  }

  const c10::Device device_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool failed_ = false, stopping_ = false;
  std::unique_ptr<Communicator> host_;
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> group_;
  std::thread watch_;
};

void set_default(const char* name, const std::string& value) {
  ::setenv(name, value.c_str(), /*overwrite=*/0);
}

}  // namespace

void configure_nccl(int rank, bool share_device) {
  set_default("NCCL_NVLS_ENABLE", "0");
  // Errors are handled here: c10d must neither end the process nor wait to write what nobody reads.
  set_default("TORCH_NCCL_ASYNC_ERROR_HANDLING", "0");
  set_default("TORCH_NCCL_DUMP_ON_TIMEOUT", "0");
  set_default("TORCH_NCCL_WAIT_TIMEOUT_DUMP_MILSEC", "0");
  set_default("TORCH_NCCL_ENABLE_MONITORING", "0");
  if (!share_device) return;
  set_default("NCCL_HOSTID", "checkerlab-rank-" + std::to_string(rank));
  set_default("NCCL_SOCKET_IFNAME", "lo");
  set_default("NCCL_NET", "Socket");
  set_default("NCCL_IB_DISABLE", "1");
  set_default("NCCL_MNNVL_ENABLE", "0");
}

std::unique_ptr<Communicator> make_nccl_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets,
                                             c10::Device device) {
  auto rank = std::make_unique<NcclRank>(device);
  rank->connect(options, std::move(sockets));
  return rank;
}

}  // namespace checkerlab::model
