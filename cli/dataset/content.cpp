#include "cli/dataset/content.hpp"

#include <chrono>

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "base/text/number.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{250};

std::string amount(const Fingerprint& counted) {
  return grouped(static_cast<long long>(counted.files)) + (counted.files == 1 ? " file, " : " files, ") +
         bytes_text(static_cast<double>(counted.bytes));
}

// Shows how far the hashing is; only on a terminal, where the line can be taken back.
class HashingProgress {
 public:
  explicit HashingProgress(Console& console) : console_(console) {}

  void operator()(const Fingerprint& so_far) {
    if (console_.stop.stop_requested()) throw Error(ErrorCode::cancelled, "interrupted");
    if (!console_.err_is_terminal || Steady::now() < next_) return;
    next_ = Steady::now() + kRedraw;
    console_.err << "\rreading the data set: " << amount(so_far) << "\x1b[K" << std::flush;
  }

 private:
  Console& console_;
  Steady::time_point next_ = Steady::now();
};

fs::path resolved(const std::string& path, const fs::path& current) {
  fs::path absolute = (current / path).lexically_normal();
  std::error_code error;
  if (fs::exists(absolute, error)) return absolute;
  if (error)
    throw Error(ErrorCode::io_error, "dataset.path: cannot look at " + absolute.string() + ": " + error.message());
  const std::string how = fs::path(path).is_absolute() ? "" : " (" + absolute.string() + ")";
  throw Error(ErrorCode::not_found, "dataset.path: " + path + how + " does not exist",
              "A relative path is taken from the folder in which checkerlab is started; give another with "
              "--set dataset.path=PATH.");
}

}  // namespace

std::optional<sweeps::DatasetContent> dataset_content(const sweeps::DatasetDefinition& dataset, const fs::path& current,
                                                      Console& console) {
  if (dataset.kind != sweeps::DatasetKind::files) return std::nullopt;
  const fs::path path = resolved(dataset.path, current);
  HashingProgress progress(console);
  const Fingerprint content = fingerprint(path, [&](const Fingerprint& so_far) { progress(so_far); });
  console.err << (console.err_is_terminal ? "\r\x1b[K" : "") << "data set " << path.string() << ": " << amount(content)
              << ", sha256 " << content.sha256.substr(0, 12) << std::endl;
  return sweeps::DatasetContent{.path = path.string(), .content_sha256 = content.sha256, .images = 0};
}

}  // namespace checkerlab::cli
