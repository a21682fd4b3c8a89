#include "libmodel/evaluation/metrics/jackknife.hpp"

#include <cmath>
#include <utility>

namespace checkerlab::model {

std::vector<IndexBlock> equal_blocks(std::int64_t n, std::int64_t count) {
  std::vector<IndexBlock> blocks;
  for (std::int64_t i = 0; i < count; ++i)
    blocks.push_back({i * n / count, (i + 1) * n / count});
  return blocks;
}

std::vector<IndexBlock> jackknife_blocks(std::int64_t n) {
  return equal_blocks(n, n < kMinSamples ? 1 : kJackknifeBlocks);
}

double jackknife_error(std::span<const double> without) {
  const auto count = static_cast<double>(without.size());
  double mean = 0, squares = 0;
  for (const double value : without)
    mean += value / count;
  for (const double value : without)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares * (count - 1) / count);
}

Score jackknife(double value, std::size_t blocks, const std::function<double(std::size_t)>& without) {
  if (blocks < 2) return {value, std::nullopt};
  std::vector<double> values;
  for (std::size_t b = 0; b < blocks; ++b)
    values.push_back(without(b));
  const double error = jackknife_error(values);
  return {value, error, std::move(values)};
}

}  // namespace checkerlab::model
