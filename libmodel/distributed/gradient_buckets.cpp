#include "libmodel/distributed/gradient_buckets.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "libmodel/distributed/bucket_plan.hpp"

namespace checkerlab::model {
namespace {

// Elements up to the next gradient: kernels read several at once where memory is aligned.
std::int64_t aligned(std::int64_t elements) {
  constexpr std::int64_t kAlignment = 64;  // elements, 256 bytes
  return (elements + kAlignment - 1) / kAlignment * kAlignment;
}

struct Bucket {
  at::Tensor values;                 // its gradients, each aligned; then one number a gradient: 1 where there is one
  std::vector<std::size_t> members;  // parameters, in the order of their values
  std::size_t missing = 0;           // gradients that are not complete
  std::unique_ptr<PendingOperation> sum;
};

void check_parameters(const std::vector<at::Tensor>& parameters) {
  for (const at::Tensor& parameter : parameters) {
    if (parameter.scalar_type() != at::kFloat || parameter.device() != parameters.front().device() ||
        !parameter.is_contiguous() || !parameter.is_leaf() || !parameter.requires_grad())
      throw Error(ErrorCode::internal, "gradients of ranks need contiguous fp32 leaves of one device");
  }
}

}  // namespace

class GradientBuckets::State {
 public:
  State(std::vector<at::Tensor> parameters, Communicator& ranks, std::int64_t bucket_bytes)
      : parameters_(std::move(parameters)), ranks_(ranks), bucket_bytes_(bucket_bytes) {
    check_parameters(parameters_);
    views_.resize(parameters_.size());
    bucket_of_.resize(parameters_.size());
    complete_.resize(parameters_.size());
    seen_.resize(parameters_.size());
  }

  void begin_step() {
    const at::NoGradGuard no_grad;
    if (step_ == 0) make_buckets(completed_order({}, parameters_.size()));
    if (step_ == 1) make_buckets(agreed_order());
    ++step_;
    for (Bucket& bucket : buckets_) {
      used(bucket).fill_(1);
      bucket.missing = bucket.members.size();
      bucket.sum.reset();
    }
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      parameters_[i].mutable_grad() = at::Tensor();
      complete_[i] = false;
      seen_[i] = false;
    }
    next_ = 0;
    early_ = 0;
    last_backward_ = false;
  }

  void expect_last_backward() { last_backward_ = true; }

  // From backward, on the thread that computes the gradient.
  void on_gradient(std::size_t index) {
    take(index);
    if (!last_backward_) return;
    if (complete_[index]) throw Error(ErrorCode::internal, "a gradient came twice in one backward()");
    complete_[index] = true;
    if (step_ == 1) arrivals_.push_back(index);
    --buckets_[bucket_of_[index]].missing;
    while (next_ < buckets_.size() && buckets_[next_].missing == 0) {
      start(buckets_[next_++]);
    }
    early_ = static_cast<std::int64_t>(next_);
  }

  void finish() {
    const at::NoGradGuard no_grad;
    while (next_ < buckets_.size()) {
      mark_unused(buckets_[next_]);
      start(buckets_[next_++]);
    }
    for (Bucket& bucket : buckets_) {
      bucket.sum->wait();
      bucket.sum.reset();
    }
    for (const Bucket& bucket : buckets_)
      drop_unused(bucket);
    last_backward_ = false;
  }

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  std::int64_t started_early() const { return early_; }
  std::int64_t buckets() const { return static_cast<std::int64_t>(buckets_.size()); }

 private:
  // Moves a parameter's first gradient of the step into its bucket; autograd adds later ones to it there.
  void take(std::size_t index) {
    at::Tensor& gradient = parameters_[index].mutable_grad();
    if (step_ > 0 && !seen_[index] && gradient.defined()) {
      const at::NoGradGuard no_grad;
      views_[index].copy_(gradient);
      gradient = views_[index];
      seen_[index] = true;
    } else if (step_ == 0 || !gradient.defined() || gradient.const_data_ptr() != views_[index].const_data_ptr()) {
      throw Error(ErrorCode::internal, "a gradient is not in its bucket: begin_step() must come before backward()");
    }
  }

  static at::Tensor used(const Bucket& bucket) {
    const auto count = static_cast<std::int64_t>(bucket.members.size());
    return bucket.values.narrow(0, bucket.values.numel() - count, count);
  }

  // What this rank has no gradient for counts as zeros.
  void mark_unused(const Bucket& bucket) {
    for (std::size_t i = 0; bucket.missing > 0 && i < bucket.members.size(); ++i) {
      const std::size_t index = bucket.members[i];
      if (seen_[index]) continue;
      parameters_[index].mutable_grad() = views_[index].zero_();
      used(bucket)[static_cast<std::int64_t>(i)].zero_();
    }
  }

  // A gradient that no rank has is none. Waits for the device only where this rank has none either.
  void drop_unused(const Bucket& bucket) {
    for (std::size_t i = 0; i < bucket.members.size(); ++i) {
      const std::size_t index = bucket.members[i];
      if (seen_[index] || used(bucket)[static_cast<std::int64_t>(i)].item<float>() != 0) continue;
      parameters_[index].mutable_grad() = at::Tensor();
    }
  }

  void start(Bucket& bucket) { bucket.sum = ranks_.all_reduce_sum({bucket.values}); }

  void make_buckets(const std::vector<std::size_t>& order) {
    std::vector<std::int64_t> bytes;
    for (const at::Tensor& parameter : parameters_)
      bytes.push_back(static_cast<std::int64_t>(parameter.nbytes()));
    for (const at::Tensor& parameter : parameters_)
      parameter.mutable_grad() = at::Tensor();  // frees the old buckets
    std::ranges::fill(views_, at::Tensor());
    buckets_.clear();
    for (auto& members : plan_buckets(bytes, order, bucket_bytes_)) {
      add_bucket(std::move(members));
    }
  }

  void add_bucket(std::vector<std::size_t> members) {
    std::int64_t elements = 0;
    for (const std::size_t index : members)
      elements += aligned(parameters_[index].numel());
    elements += static_cast<std::int64_t>(members.size());
    Bucket bucket{.values = at::zeros({elements}, parameters_.front().options().requires_grad(false)),
                  .members = std::move(members)};
    std::int64_t begin = 0;
    for (const std::size_t index : bucket.members) {
      const at::Tensor& parameter = parameters_[index];
      views_[index] = bucket.values.narrow(0, begin, parameter.numel()).view(parameter.sizes());
      bucket_of_[index] = buckets_.size();
      begin += aligned(parameter.numel());
    }
    buckets_.push_back(std::move(bucket));
  }

  // The order in which gradients came on rank 0.
  std::vector<std::size_t> agreed_order() {
    const auto mine = completed_order(std::exchange(arrivals_, {}), parameters_.size());
    const at::Tensor numbers = at::empty({static_cast<std::int64_t>(mine.size())}, at::kLong);
    auto* const values = numbers.mutable_data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < mine.size(); ++i)
      values[i] = static_cast<std::int64_t>(mine[i]);
    ranks_.broadcast({numbers});
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < mine.size(); ++i)
      order.push_back(static_cast<std::size_t>(values[i]));
    return order;
  }

  const std::vector<at::Tensor> parameters_;
  Communicator& ranks_;
  const std::int64_t bucket_bytes_;
  std::vector<Bucket> buckets_;
  std::vector<at::Tensor> views_;       // by parameter: its part of a bucket
  std::vector<std::size_t> bucket_of_;  // by parameter
  std::vector<bool> seen_;              // by parameter: has a gradient in this step
  std::vector<bool> complete_;          // by parameter: and that is complete
  std::vector<std::size_t> arrivals_;   // parameters, as their gradients came in the first step
  std::int64_t step_ = 0, early_ = 0;
  std::size_t next_ = 0;  // bucket whose sum starts next
  bool last_backward_ = false;
};

namespace {

template <typename State>
class Hook final : public torch::autograd::PostAccumulateGradHook {
 public:
  Hook(State& state, std::size_t index) : state_(state), index_(index) {}
  void operator()(const at::Tensor&) override { state_.on_gradient(index_); }

 private:
  State& state_;
  std::size_t index_;
};

}  // namespace

GradientBuckets::GradientBuckets(std::vector<at::Tensor> parameters, Communicator& ranks, std::int64_t bucket_bytes) {
  if (ranks.size() == 1) return;
  state_ = std::make_shared<State>(std::move(parameters), ranks, bucket_bytes);
  for (std::size_t i = 0; i < state_->parameters().size(); ++i) {
    torch::autograd::impl::set_post_acc_grad_hooks(state_->parameters()[i], std::make_unique<Hook<State>>(*state_, i));
  }
}

GradientBuckets::~GradientBuckets() {
  if (!state_) return;
  for (const at::Tensor& parameter : state_->parameters()) {
    torch::autograd::impl::set_post_acc_grad_hooks(parameter, nullptr);
  }
}

void GradientBuckets::begin_step() {
  if (state_) state_->begin_step();
}

void GradientBuckets::expect_last_backward() {
  if (state_) state_->expect_last_backward();
}

void GradientBuckets::finish() {
  if (state_) state_->finish();
}

std::int64_t GradientBuckets::started_early() const {
  return state_ ? state_->started_early() : 0;
}

std::int64_t GradientBuckets::buckets() const {
  return state_ ? state_->buckets() : 0;
}

void reduce_gradients(const std::vector<at::Tensor>& parameters, Communicator& ranks) {
  const at::Tensor used = at::zeros({static_cast<std::int64_t>(parameters.size())}, at::kLong);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    used[static_cast<std::int64_t>(i)] = parameters[i].grad().defined() ? 1 : 0;
  ranks.all_reduce_sum({used})->wait();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (used[static_cast<std::int64_t>(i)].item<std::int64_t>() == 0) continue;
    at::Tensor& gradient = parameters[i].mutable_grad();
    if (!gradient.defined()) gradient = at::zeros_like(parameters[i]).detach();
    ranks.all_reduce_sum({gradient})->wait();
  }
}

}  // namespace checkerlab::model
