#include "libmodel/evaluation/metrics/frechet_score.hpp"

#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kWhat = "the Fréchet distance";

std::vector<std::size_t> run_of(std::size_t begin, std::size_t count, std::size_t blocks) {
  std::vector<std::size_t> run;
  for (std::size_t i = 0; i < count; ++i)
    run.push_back((begin + i) % blocks);
  return run;
}

double rows_in(const FeatureSummary& samples, std::span<const std::size_t> blocks) {
  std::int64_t rows = 0;
  for (const auto b : blocks)
    rows += samples.blocks()[b].size();
  return static_cast<double>(rows);
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Score frechet_score(FrechetTarget& reference, const FeatureSummary& samples, Observer& observer) {
  const auto blocks = samples.blocks().size();
  const auto evaluations = static_cast<std::int64_t>(blocks < 2 ? 1 : blocks + 1);
  observer.progress(0, evaluations, "distances");
  const double value = reference.distance(samples, samples.all());
  return jackknife(value, blocks, [&](std::size_t b) {
    throw_if_cancelled(observer, kWhat);
    observer.progress(static_cast<std::int64_t>(b) + 1, evaluations, "distances");
    return reference.distance(samples, samples.all_but(b));
  });
}

Score regression_intercept(std::span<const double> x, std::span<const double> y) {
  const auto count = static_cast<double>(x.size());
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  double xx = 0, xy = 0, residuals = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xy / xx, intercept = mean_y - slope * mean_x;
  for (std::size_t i = 0; i < x.size(); ++i)
    residuals += std::pow(y[i] - intercept - slope * x[i], 2);
  return {intercept, std::sqrt(residuals / (count - 2) * (1 / count + mean_x * mean_x / xx))};
}

Score frechet_infinity(FrechetTarget& reference, const FeatureSummary& samples, std::optional<double> all,
                       Observer& observer) {
  const auto blocks = samples.blocks().size();
  if (blocks < 3) {
    throw Error(ErrorCode::invalid_argument,
                "fid_infinity needs at least " + std::to_string(kMinSamples) + " samples, not " +
                    std::to_string(samples.size()),
                "Leave it out of --metrics or give more samples");
  }
  std::vector<double> x, y;
  std::size_t begin = 0;
  for (std::size_t count = 1; count <= blocks; ++count) {
    throw_if_cancelled(observer, kWhat);
    observer.progress(static_cast<std::int64_t>(count) - 1, static_cast<std::int64_t>(blocks), "distances");
    const auto run = run_of(begin, count, blocks);
    x.push_back(1 / rows_in(samples, run));
    y.push_back(count == blocks && all ? *all : reference.distance(samples, run));
    begin = (begin + count) % blocks;
  }
  return regression_intercept(x, y);
}

}  // namespace checkerlab::model
