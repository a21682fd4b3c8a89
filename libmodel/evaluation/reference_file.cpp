#include "libmodel/evaluation/reference_file.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"
#include "libmodel/evaluation/hash_file.hpp"
#include "libmodel/evaluation/npz_image_set.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxWidth = 16384;
constexpr double kSymmetry = 1e-5;

[[noreturn]] void refuse(const fs::path& file, const std::string& what, ErrorCode code = ErrorCode::invalid_data) {
  throw Error(
      code, "the reference " + file.string() + " cannot be used: " + what,
      "Expected are mu [D] and sigma [D,D] as float32 or float64, and mu_s, sigma_s of the same kind for sFID.");
}

// One array of statistics in fp64. Its shape is checked before it is read.
at::Tensor read_numbers(const NpzFile& file, const std::string& key, std::size_t dimensions) {
  const auto header = file.rows(key).header();
  const bool floats = header.type == c10::ScalarType::Float || header.type == c10::ScalarType::Double;
  bool fits = floats && header.shape.size() == dimensions;
  for (const auto size : header.shape)
    fits = fits && size == header.shape.front() && size >= 1 && size <= kMaxWidth;
  if (!fits)
    refuse(file.path(), key + " is " + header.text() + ", where float32 or float64 " +
                            (dimensions == 1 ? "[D]" : "[D,D]") + " was expected");
  const at::Tensor numbers = file.read(key, std::uint64_t{8} * kMaxWidth * kMaxWidth).to(at::kDouble);
  if (!numbers.isfinite().all().item<bool>())
    refuse(file.path(),
           key + " holds NaN or infinity in " +
               std::to_string(numbers.isfinite().logical_not().sum().item<std::int64_t>()) + " places",
           ErrorCode::not_finite);
  return numbers;
}

void check_covariance(const NpzFile& file, const std::string& key, const at::Tensor& covariance) {
  const double largest = covariance.abs().max().item<double>();
  const double skew = (covariance - covariance.t()).abs().max().item<double>();
  if (skew > kSymmetry * largest)
    refuse(file.path(), key + " is no covariance: it is not symmetric (entries differ by " + std::to_string(skew) +
                            ", the largest is " + std::to_string(largest) + ")");
  if (covariance.diagonal().min().item<double>() < 0)
    refuse(file.path(), key + " is no covariance: it has a negative variance");
}

std::optional<Moments> read_moments(const NpzFile& file, const std::string& mean, const std::string& covariance) {
  const bool has_mean = file.has(mean), has_covariance = file.has(covariance);
  if (!has_mean && !has_covariance) return std::nullopt;
  if (!has_mean || !has_covariance)
    refuse(file.path(), "it has " + (has_mean ? mean : covariance) + " but not " + (has_mean ? covariance : mean) +
                            "; it holds " + file.keys_text());
  Moments moments{read_numbers(file, mean, 1), read_numbers(file, covariance, 2)};
  if (moments.mean.size(0) != moments.covariance.size(0))
    refuse(file.path(), mean + " has " + std::to_string(moments.mean.size(0)) + " numbers, but " + covariance + " " +
                            std::to_string(moments.covariance.size(0)) + " rows");
  check_covariance(file, covariance, moments.covariance);
  return moments;
}

Reference read_npz(const fs::path& path, Observer& observer) {
  NpzFile file(path);
  Reference reference;
  reference.pool = read_moments(file, "mu", "sigma");
  reference.spatial = read_moments(file, "mu_s", "sigma_s");
  if (reference.spatial && !reference.pool) refuse(path, "it has mu_s but not mu; it holds " + file.keys_text());
  if (!reference.pool && !file.has(kNpzImages))
    refuse(path, "it has neither mu and sigma nor images in arr_0; it holds " + file.keys_text());
  if (file.has(kNpzImages)) reference.images = std::make_unique<NpzImageSet>(std::move(file));
  reference.sha256 = hash_file(path, observer);
  return reference;
}

Reference read_artifact(const fs::path& path, Observer& observer) {
  const auto statistics = read_statistics(path);
  if (!statistics.sum.isfinite().all().item<bool>() || !statistics.outer.isfinite().all().item<bool>())
    refuse(path, "its sums hold NaN or infinity", ErrorCode::not_finite);
  return {.pool = moments(statistics),
          .spatial = std::nullopt,
          .count = statistics.n,
          .images = nullptr,
          .sha256 = hash_file(path, observer)};
}

}  // namespace

Reference read_reference(const fs::path& path, Observer& observer) {
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(path, ignored);
  if (is_file && path.extension() == ".safetensors") return read_artifact(path, observer);
  if (is_file && (path.extension() == ".npz" || Archive::recognises(RandomFile(path)))) return read_npz(path, observer);
  Reference reference;
  reference.images = open_image_set(path, observer);
  reference.sha256 = reference.images->sha256(observer);
  return reference;
}

}  // namespace checkerlab::model
