#include "libmodel/evaluation/sufficient_statistics.hpp"

#include <torch/types.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/ranges.hpp"
#include "libmodel/modules/artifact.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "statistics";

void check(const SufficientStatistics& statistics, const std::string& where) {
  const auto& sum = statistics.sum;
  const auto& outer = statistics.outer;
  const bool fits = statistics.n >= 0 && sum.dim() == 1 && outer.dim() == 2 && outer.size(0) == sum.size(0) &&
                    outer.size(1) == sum.size(0) && sum.scalar_type() == torch::kFloat64 &&
                    outer.scalar_type() == torch::kFloat64;
  if (!fits) throw Error(ErrorCode::invalid_data, "the statistics " + where + " do not hold together");
}

}  // namespace

SufficientStatistics accumulate(const torch::Tensor& features) {
  if (features.dim() != 2) throw Error(ErrorCode::invalid_argument, "features must be [N,D]");
  const auto wide = features.to(torch::kCPU, torch::kFloat64);
  return {wide.size(0), wide.sum(0), wide.t().matmul(wide)};
}

SufficientStatistics merge(const SufficientStatistics& a, const SufficientStatistics& b) {
  if (a.width() != b.width()) {
    throw Error(ErrorCode::invalid_argument, "statistics of " + std::to_string(a.width()) + " and " +
                                                 std::to_string(b.width()) + " features cannot be merged");
  }
  return {a.n + b.n, a.sum + b.sum, a.outer + b.outer};
}

Moments moments(const SufficientStatistics& statistics) {
  if (statistics.n < 2) {
    throw Error(ErrorCode::invalid_argument,
                "a covariance needs at least two samples, not " + std::to_string(statistics.n));
  }
  const auto n = static_cast<double>(statistics.n);
  const auto centre = torch::outer(statistics.sum, statistics.sum) / n;
  return {statistics.sum / n, (statistics.outer - centre) / (n - 1)};
}

SufficientStatistics merge_shards(std::vector<StatisticsShard> shards) {
  for (const auto& shard : shards) {
    if (shard.statistics.n != shard.end - shard.begin) {
      throw Error(ErrorCode::invalid_data, "the statistics of the samples " + range_text(shard.begin, shard.end) +
                                               " hold " + std::to_string(shard.statistics.n) + " samples");
    }
  }
  order_ranges(shards);
  auto total = shards.front().statistics;
  for (std::size_t i = 1; i < shards.size(); ++i)
    total = merge(total, shards[i].statistics);
  return total;
}

void write_statistics(const std::filesystem::path& path, const SufficientStatistics& statistics) {
  check(statistics, path.string());
  TensorFile file;
  file.tensors = {
      {"n", torch::tensor(statistics.n, torch::kInt64)}, {"sum", statistics.sum}, {"outer", statistics.outer}};
  file.metadata = artifact_metadata(kKind, nlohmann::json::object());
  write_safetensors(path, file);
}

SufficientStatistics read_statistics(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  artifact_config(file, kKind, path);
  const auto& n = file.at("n", path);
  if (n.numel() != 1) throw Error(ErrorCode::invalid_data, "the count in " + path.string() + " is no number");
  SufficientStatistics statistics{n.item<std::int64_t>(), file.at("sum", path), file.at("outer", path)};
  check(statistics, path.string());
  return statistics;
}

}  // namespace checkerlab::model
