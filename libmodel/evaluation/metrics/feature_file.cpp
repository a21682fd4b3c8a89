// Features that are given in a file.
#include <torch/types.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "libmodel/evaluation/metrics/feature_source.hpp"

namespace checkerlab::model {

namespace {

constexpr std::int64_t kRowsAtOnce = 1024;
constexpr std::array kLogits{"logits_nobias", "logits", "softmax_nobias"};
// Stands for the logarithm of 0, since infinities are refused; its exponential is 0.
constexpr double kLogOfZero = -1e4;

class FeatureFile final : public FeatureSource {
 public:
  explicit FeatureFile(const std::filesystem::path& path) : path_(path), file_(path) {
    pool_ = entry("pool3");
    spatial_ = entry("spatial");
    for (const char* const name : kLogits) {
      if (logits_ == nullptr) logits_ = entry(name);
    }
    if (rows_ < 0) {
      throw Error(ErrorCode::invalid_data,
                  path.string() +
                      " holds no features: there is no 'pool3', 'spatial', 'logits'"
                      ", 'logits_nobias' or 'softmax_nobias' in it; it holds: " +
                      found(),
                  "Write it with `checkerlab features`");
    }
  }

  bool has_pool() const override { return pool_ != nullptr; }
  bool has_spatial() const override { return spatial_ != nullptr; }
  bool has_logits() const override { return logits_ != nullptr; }
  std::int64_t size() const override { return rows_; }
  std::string sha256(Observer&) override { return sha256_file(path_); }
  std::string note() const override { return ""; }

  std::string network() const override {
    const auto known = file_.metadata().find("network_sha256");
    return known == file_.metadata().end() ? "" : known->second;
  }

  std::string found() const override {
    std::string text;
    for (const auto& name : file_.names())
      text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "nothing" : text;
  }

  void pass(const CollectorNeeds& needs, std::int64_t count, Observer& observer, const Sink& sink) override {
    const auto rows = std::min(count, rows_);
    for (std::int64_t begin = 0; begin < rows; begin += kRowsAtOnce) {
      throw_if_cancelled(observer, "reading features");
      const auto end = std::min(begin + kRowsAtOnce, rows);
      const auto read = [&](bool needed, const TensorEntry* entry) {
        return needed && entry != nullptr ? file_.read(*entry, begin, end) : at::Tensor();
      };
      sink(begin, {.pool = read(needs.pool || needs.rows, pool_),
                   .spatial = read(needs.spatial, spatial_),
                   .logits = as_logits(read(needs.logits, logits_))});
      observer.progress(end, rows, "rows");
    }
  }

 private:
  const TensorEntry* entry(const std::string& name) {
    const auto* found = file_.find(name);
    if (found == nullptr) return nullptr;
    if (found->shape.size() != 2 || found->shape[0] < 1 || found->shape[1] < 1 || !c10::isFloatingType(found->type)) {
      throw Error(ErrorCode::invalid_data,
                  "'" + name + "' in " + path_.string() + " must be numbers [N,D] with N and D at least 1");
    }
    if (rows_ >= 0 && rows_ != found->shape[0]) {
      throw Error(ErrorCode::invalid_data, "the tensors in " + path_.string() + " have " + std::to_string(rows_) +
                                               " and " + std::to_string(found->shape[0]) + " ('" + name + "') rows");
    }
    rows_ = found->shape[0];
    return found;
  }

  at::Tensor as_logits(at::Tensor rows) const {
    if (!rows.defined() || logits_->name != "softmax_nobias") return rows;
    return rows.to(at::kDouble).log().clamp_min(kLogOfZero);  // NaN stays NaN and is found
  }

  std::filesystem::path path_;
  TensorReader file_;
  const TensorEntry* pool_ = nullptr;
  const TensorEntry* spatial_ = nullptr;
  const TensorEntry* logits_ = nullptr;
  std::int64_t rows_ = -1;
};

}  // namespace

std::unique_ptr<FeatureSource> open_feature_file(const std::filesystem::path& file) {
  return std::make_unique<FeatureFile>(file);
}

}  // namespace checkerlab::model
