#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

// `described`: the recipe as the paper and the code's settings describe it. `released`: what the released configuration
// does in fact, for comparison.
enum class RetrainMode { described, released };

// "described" or "released"; throws Error otherwise.
RetrainMode parse_retrain_mode(const std::string& name);
std::string to_string(RetrainMode mode);

struct CodebookRetraining {
  std::vector<std::int64_t> sides;  // the pyramid's token sides; the largest is that of the whole images
  std::int64_t steps = 0;
  std::int64_t batch = 0;
  double lr = 1e-4;
  std::uint64_t seed = 0;
  RetrainMode mode = RetrainMode::described;
  std::int64_t gather_steps = 1000;  // the first steps, which only gather statistics
  std::int64_t redraw_every = 1000;  // steps between two looks at unused codes
};

struct RetrainReport {
  double final_loss = 0;     // mean over the last 20 steps
  double perplexity = 0;     // of the codes' use, running mean over about 100 steps
  std::int64_t redrawn = 0;  // codes drawn anew in this call
  double seconds = 0;        // of this call
};

// Images of step t: uint8 [batch,S,S,3] with S = largest side * stride. A function of the step alone.
using StepImages = std::function<torch::Tensor(std::int64_t step)>;

// Trains a new codebook for `tokenizer`, all else frozen. Every step draws a size (with probability 0.9 one of the
// sides, all alike, else the largest), resizes the images to it and to every smaller side s, encodes each on its own,
// and follows the gradient of
//   sum_s w_s * mean((e - z)^2),  w_s = sqrt(pixels of the scale) / their sum = s / sum of the sides,
// z the latents and e their nearest codes (both of unit length), by Adam with betas 0.5 and 0.9 (epsilon 1e-8). The
// first `gather_steps` only gather each side's mean and standard deviation of z per dimension; then every side draws
// its share of the codes (as its share of the vectors) from its normal distribution. Use is a running mean (weight
// 0.01) of the codes' shares; a code with less than 1e-4 of an even share is unused and, every `redraw_every` steps
// from gather_steps + redraw_every on, drawn anew from the mean and deviation of the used ones.
//
// Mode `released`: only the size drawn is encoded, with weight 1; all sizes gather into one pool, in which a batch
// weighs 1 / (1 + vectors so far), so that the first one dominates; nothing is drawn anew; and the loss reported is
// 1.001 times as large (a commitment term without effect).
//
// All draws are functions of (seed, step), so that a run resumed from a checkpoint that the observer was given goes on
// as if it had not stopped. Curves: "loss", "perplexity", "codebook_use". Leaves the tokenizer in evaluation mode on
// `device`. Throws Error: invalid_argument (settings, images of another size), invalid_data (a checkpoint of another
// training), not_finite, cancelled.
RetrainReport retrain_codebook(VqTokenizer& tokenizer, const StepImages& images, const CodebookRetraining& training,
                               torch::Device device, Observer& observer,
                               const std::optional<std::filesystem::path>& resume);

}  // namespace checkerlab::model
