#include "libmodel/tokenizer/training.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/modules/module_trainer.hpp"
#include "libmodel/modules/weights.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/tokenizer/codebook_training.hpp"

namespace checkerlab::model {

namespace {

constexpr double kCommitment = 0.25;
constexpr std::int64_t kPatience = 40;     // steps a code may be idle
constexpr std::int64_t kReviveEvery = 20;  // steps
constexpr std::int64_t kKMeansIterations = 10;
constexpr std::int64_t kKMeansVectors = 32;  // a code, at most
constexpr std::int64_t kKMeansBatches = 8;

// What is drawn from the streams of one step.
enum class Draw : std::uint64_t { items, mirror, side, revive, count };

void check(const VqTokenizer& tokenizer, const torch::Tensor& images, const TokenizerTraining& training) {
  check_training("tokenizer training", training.steps, training.batch, training.lr);
  if (training.sizes.empty() || *std::min_element(training.sizes.begin(), training.sizes.end()) < 1) {
    throw Error(ErrorCode::invalid_argument, "the tokenizer training needs positive token sizes");
  }
  const auto largest = *std::max_element(training.sizes.begin(), training.sizes.end());
  const auto side = largest * tokenizer->config().stride;
  if (images.dim() != 4 || images.size(0) < 1 || images.size(1) != side || images.size(2) != side) {
    throw Error(ErrorCode::invalid_argument,
                "the tokenizer training with a stride of " + std::to_string(tokenizer->config().stride) +
                    " and up to " + std::to_string(largest) + " tokens a side needs images of " + std::to_string(side) +
                    " pixels, but they have " + std::to_string(images.dim() == 4 ? images.size(1) : 0));
  }
}

class TokenizerTrainer {
 public:
  TokenizerTrainer(VqTokenizer& tokenizer, const torch::Tensor& images, const TokenizerTraining& training,
                   torch::Device device)
      : tokenizer_(tokenizer),
        images_(images.to(device)),
        training_(training),
        device_(device),
        quantize_from_(std::min<std::int64_t>(training.steps / 8, 200)),
        idle_(torch::zeros({tokenizer->config().codes}, torch::TensorOptions(device).dtype(torch::kInt64))),
        use_(idle_),
        trainer_(*tokenizer, {"tokenizer training", training.steps, training.lr, 1e-4}, {{"idle", idle_}}) {
    std::sort(training_.sizes.begin(), training_.sizes.end());
  }

  void resume(const std::filesystem::path& checkpoint) { trainer_.resume(checkpoint); }

  void run(Observer& observer) {
    trainer_.run([this](std::int64_t step) { return loss(step); }, [this](std::int64_t step) { revive(step); },
                 observer);
  }

  double recent_loss() const { return trainer_.recent_loss(); }

 private:
  torch::Tensor uniform(std::int64_t step, Draw draw, std::int64_t count) const {
    const auto stream =
        static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(Draw::count) + static_cast<std::uint64_t>(draw);
    return uniform_tensor(training_.seed, RandomDomain::tokenizer, stream, {count}).to(torch::kFloat64);
  }

  // The largest side with probability 1/2, else any.
  std::int64_t side_of(std::int64_t step) const {
    const auto draws = uniform(step, Draw::side, 2);
    if (draws[0].item<double>() < 0.5) return training_.sizes.back();
    const auto index = static_cast<std::size_t>(draws[1].item<double>() * static_cast<double>(training_.sizes.size()));
    return training_.sizes[std::min(index, training_.sizes.size() - 1)];
  }

  // [batch,3,H,W] in [-1, 1] at `side` tokens; half of them mirrored.
  torch::Tensor batch_of(std::int64_t step, std::int64_t side) const {
    const auto items = uniform(step, Draw::items, training_.batch).mul(images_.size(0)).to(torch::kInt64);
    const auto pixels = images_.index_select(0, items.clamp_max(images_.size(0) - 1).to(device_));
    const auto images = normalise_pixels(pixels);
    const auto mirrored = uniform(step, Draw::mirror, training_.batch).lt(0.5).reshape({-1, 1, 1, 1}).to(device_);
    return resize_images(torch::where(mirrored, images.flip({3}), images), side * tokenizer_->config().stride);
  }

  torch::Tensor loss(std::int64_t step) {
    if (step == quantize_from_) start_codebook(step);
    const auto images = batch_of(step, side_of(step));
    const auto latents = tokenizer_->encode(images);
    if (step < quantize_from_) return reconstruction(images, latents);
    const auto tokens = tokenizer_->quantize(latents.detach());
    const auto codes = tokenizer_->look_up(tokens);
    use_.note(tokens);
    last_latents_ = latents.detach();
    const auto moved = latents + (codes - latents).detach();
    const auto codebook_loss = (latents.detach() - codes).square().sum(1).mean();
    const auto commitment_loss = (latents - codes.detach()).square().sum(1).mean();
    return reconstruction(images, moved) + codebook_loss + kCommitment * commitment_loss;
  }

  torch::Tensor reconstruction(const torch::Tensor& images, const torch::Tensor& latents) {
    const auto difference = tokenizer_->decode_latents(latents) - images;
    return difference.abs().mean() + difference.square().mean();
  }

  // The codebook starts as the centres of what the encoder makes of the data at all sides.
  void start_codebook(std::int64_t step) {
    const torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> rows;
    for (const auto side : training_.sizes) {
      for (std::int64_t i = 0; i < kKMeansBatches; ++i) {
        const auto latents = tokenizer_->encode(batch_of(step + i, side));
        rows.push_back(latents.permute({0, 2, 3, 1}).reshape({-1, latents.size(1)}));
      }
    }
    const auto count = tokenizer_->config().codes;
    const auto all = torch::cat(rows);
    const auto stride = std::max<std::int64_t>(1, all.size(0) / (count * kKMeansVectors));
    const auto stream = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(Draw::count) +
                        static_cast<std::uint64_t>(Draw::revive);
    const auto some = all.slice(0, 0, all.size(0), stride).contiguous();
    tokenizer_->codebook().copy_(spherical_k_means(some, count, kKMeansIterations, training_.seed, stream));
  }

  // Codes that were idle for long become latents of this step, as long as the learning rate can still make use of them.
  void revive(std::int64_t step) {
    if (step <= quantize_from_ || step % kReviveEvery != 0 || step > training_.steps * 4 / 5) return;
    const torch::NoGradGuard no_grad;
    const auto dead = use_.take_dead(kPatience);
    if (dead.size(0) == 0) return;
    const auto rows = last_latents_.permute({0, 2, 3, 1}).reshape({-1, last_latents_.size(1)});
    const auto picks = uniform(step, Draw::revive, dead.size(0)).mul(rows.size(0)).to(torch::kInt64);
    const auto vectors = rows.index_select(0, picks.clamp_max(rows.size(0) - 1).to(device_));
    tokenizer_->codebook().index_copy_(0, dead, vectors);
    trainer_.reset_rows(tokenizer_->codebook(), dead);
  }

  VqTokenizer& tokenizer_;
  torch::Tensor images_;
  TokenizerTraining training_;
  torch::Device device_;
  std::int64_t quantize_from_;
  torch::Tensor idle_;
  CodeUse use_;
  torch::Tensor last_latents_;
  ModuleTrainer trainer_;
};

}  // namespace

TokenizerReport train_tokenizer(VqTokenizer& tokenizer, const torch::Tensor& images, const torch::Tensor& test_images,
                                const TokenizerTraining& training, torch::Device device, Observer& observer,
                                const std::optional<std::filesystem::path>& resume) {
  check(tokenizer, images, training);
  const auto start = std::chrono::steady_clock::now();
  initialise_module(*tokenizer, training.seed, RandomDomain::tokenizer);
  tokenizer->to(device);
  tokenizer->train();
  TokenizerTrainer trainer(tokenizer, images, training, device);
  if (resume) trainer.resume(*resume);
  trainer.run(observer);
  tokenizer->eval();
  const auto quality = tokenizer_quality(tokenizer, test_images, training.sizes, training.batch, device, observer);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {quality, trainer.recent_loss(), seconds.count()};
}

}  // namespace checkerlab::model
