// The uncertainty of every metric: a delete-a-block jackknife over contiguous index blocks of the samples, the
// reference taken as given (docs/adr/0012). Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace checkerlab::model {

// Samples below this number give no uncertainty worth the name.
inline constexpr std::int64_t kMinSamples = 20;
// Blocks of the delete-a-block jackknife.
inline constexpr std::int64_t kJackknifeBlocks = 10;

// A value and its standard error; none where the samples are too few to say.
struct Score {
  double value = 0;
  std::optional<double> uncertainty;
  std::vector<double> without = {};  // the score without block b, where a jackknife made the error
};

// Rows begin ... end-1.
struct IndexBlock {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] std::int64_t size() const { return end - begin; }
  friend bool operator==(const IndexBlock&, const IndexBlock&) = default;
};

// Block i of `count` holds the rows floor(i n / count) ... floor((i+1) n / count) - 1.
std::vector<IndexBlock> equal_blocks(std::int64_t n, std::int64_t count);

// kJackknifeBlocks blocks, or one of all rows where n < kMinSamples.
std::vector<IndexBlock> jackknife_blocks(std::int64_t n);

// se^2 = (g - 1)/g * sum_b (t_b - mean t)^2, t_b the score without block b, g their number (Efron & Stein 1981; blocks
// after Künsch 1989).
double jackknife_error(std::span<const double> without);

// `without(b)` is the score of all samples but those of block b; asked for each b when there are at least two blocks.
Score jackknife(double value, std::size_t blocks, const std::function<double(std::size_t)>& without);

}  // namespace checkerlab::model
