#include "libmodel/evaluation/metrics/inception_blocks.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr std::int64_t kTileRows = 2048;

using Ranges = std::vector<IndexBlock>;  // of rows that belong together, in order

// Cuts the kept ranges into blocks of `block` rows; a block may stretch over a gap.
std::vector<Ranges> layout(const Ranges& kept, std::int64_t block) {
  std::vector<Ranges> blocks;
  std::int64_t space = 0;
  for (const auto& range : kept) {
    for (auto begin = range.begin; begin < range.end;) {
      if (space == 0) blocks.emplace_back();
      if (space == 0) space = block;
      const auto some = std::min(space, range.end - begin);
      blocks.back().push_back({begin, begin + some});
      begin += some;
      space -= some;
    }
  }
  return blocks;
}

// Sums over the rows between neighbouring cuts.
struct Segments {
  std::vector<std::int64_t> cuts;
  at::Tensor probabilities;         // fp64 [segments, K]
  std::vector<double> own_entropy;  // sum of p log p

  [[nodiscard]] std::int64_t at_cut(std::int64_t row) const {
    return std::lower_bound(cuts.begin(), cuts.end(), row) - cuts.begin();
  }
};

// p log p, 0 at 0; what is not a number stays so.
at::Tensor times_log(const at::Tensor& p, const at::Tensor& log_p) {
  return at::where(p == 0, at::zeros_like(p), p * log_p);
}

void add_rows(Segments& segments, std::int64_t segment, const at::Tensor& logits) {
  const auto log_p = at::log_softmax(logits, 1, at::kDouble);
  const auto p = log_p.exp();
  const double entropy = times_log(p, log_p).sum().item<double>();
  if (!std::isfinite(entropy)) throw Error(ErrorCode::not_finite, "a class probability is not a number");
  segments.own_entropy[static_cast<std::size_t>(segment)] += entropy;
  segments.probabilities[segment] += p.sum(0).cpu();
}

Segments sum_segments(const at::Tensor& logits, const std::vector<std::vector<Ranges>>& layouts, c10::Device device) {
  std::set<std::int64_t> cuts{0, logits.size(0)};
  for (const auto& blocks : layouts)
    for (const auto& block : blocks)
      for (const auto& range : block)
        cuts.insert({range.begin, range.end});
  Segments segments{{cuts.begin(), cuts.end()}, {}, std::vector<double>(cuts.size() - 1)};
  segments.probabilities = at::zeros({static_cast<std::int64_t>(cuts.size()) - 1, logits.size(1)}, at::kDouble);
  for (std::size_t s = 0; s + 1 < segments.cuts.size(); ++s) {
    for (auto begin = segments.cuts[s]; begin < segments.cuts[s + 1]; begin += kTileRows) {
      const auto end = std::min(begin + kTileRows, segments.cuts[s + 1]);
      add_rows(segments, static_cast<std::int64_t>(s), logits.slice(0, begin, end).to(device));
    }
  }
  return segments;
}

double score_of(const Segments& segments, const Ranges& block) {
  std::int64_t rows = 0;
  double own = 0;
  auto sum = at::zeros({segments.probabilities.size(1)}, at::kDouble);
  for (const auto& range : block) {
    rows += range.size();
    const auto first = segments.at_cut(range.begin), last = segments.at_cut(range.end);
    for (auto s = first; s < last; ++s)
      own += segments.own_entropy[static_cast<std::size_t>(s)];
    sum += segments.probabilities.slice(0, first, last).sum(0);
  }
  const auto mean = sum / static_cast<double>(rows);
  return std::exp(own / static_cast<double>(rows) - times_log(mean, mean.log()).sum().item<double>());
}

struct Spread {
  double mean = 0, deviation = 0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  for (const double value : values)
    spread.mean += value / static_cast<double>(values.size());
  for (const double value : values)
    spread.deviation += std::pow(value - spread.mean, 2) / static_cast<double>(values.size());
  spread.deviation = std::sqrt(spread.deviation);
  return spread;
}

std::vector<double> scores_of(const Segments& segments, const std::vector<Ranges>& blocks) {
  std::vector<double> scores;
  for (const auto& block : blocks)
    scores.push_back(score_of(segments, block));
  return scores;
}

void check(const at::Tensor& logits, std::int64_t block) {
  if (logits.dim() != 2 || logits.size(0) < 1 || logits.size(1) < 1 || block < 1) {
    throw Error(ErrorCode::invalid_argument,
                "the inception score needs logits [N,K] of at least one row and a positive block");
  }
}

}  // namespace

InceptionBlocks inception_blocks(const at::Tensor& logits, std::int64_t block, const std::vector<IndexBlock>& jackknife,
                                 c10::Device device) {
  check(logits, block);
  const auto rows = logits.size(0);
  std::vector<std::vector<Ranges>> layouts{layout({{0, rows}}, block)};
  for (std::size_t b = 0; b < jackknife.size() && jackknife.size() > 1; ++b)
    layouts.push_back(layout({{0, jackknife[b].begin}, {jackknife[b].end, rows}}, block));
  const auto segments = sum_segments(logits, layouts, device);

  InceptionBlocks result;
  for (const auto& ranges : layouts.front()) {
    result.sizes.push_back(0);
    for (const auto& range : ranges)
      result.sizes.back() += range.size();
  }
  result.per_block = scores_of(segments, layouts.front());
  const auto all = spread_of(result.per_block);
  std::vector<double> means, deviations;
  for (std::size_t i = 1; i < layouts.size(); ++i) {
    const auto without = spread_of(scores_of(segments, layouts[i]));
    means.push_back(without.mean);
    deviations.push_back(without.deviation);
  }
  result.score.value = all.mean;
  result.deviation.value = all.deviation;
  if (means.empty()) return result;
  result.score.uncertainty = jackknife_error(means);
  result.deviation.uncertainty = jackknife_error(deviations);
  return result;
}

}  // namespace checkerlab::model
