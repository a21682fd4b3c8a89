#include "cli/local/local_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestLog = 16U << 20U;
constexpr std::uintmax_t kTailBytes = 64U << 10U;
constexpr int kShownLines = 12;

// A descriptor that is closed at the end of the scope.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0) throw errno_error(errno, "open " + path.string());
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

std::uintmax_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

std::uintmax_t prepare_log(const fs::path& log) {
  std::error_code error;
  fs::create_directories(log.parent_path(), error);
  if (error) throw Error(ErrorCode::io_error, "cannot make " + log.parent_path().string() + ": " + error.message());
  if (size_of(log) <= kLargestLog) return size_of(log);
  fs::rename(log, log.string() + ".old", error);
  return error ? size_of(log) : 0;
}

ChildProcess start(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& log) {
  const Descriptor input("/dev/null", O_RDONLY);
  const Descriptor output(log, O_WRONLY | O_CREAT | O_APPEND);
  ChildOptions options;
  options.arguments = {program.string()};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.descriptors = {{0, input.number()}, {1, output.number()}, {2, output.number()}};
  return ChildProcess(options);
}

}  // namespace

LocalProcess::LocalProcess(std::string name, const fs::path& program, const std::vector<std::string>& arguments,
                           fs::path log)
    : name_(std::move(name)),
      log_(std::move(log)),
      log_start_(prepare_log(log_)),
      child_(start(program, arguments, log_)) {}

void LocalProcess::expect_running() {
  if (const auto status = child_.poll()) report_end(*status);
}

void LocalProcess::expect_running_for(std::chrono::milliseconds limit) {
  if (const auto status = child_.wait(limit)) report_end(*status);
}

void LocalProcess::stop(std::chrono::milliseconds grace) {
  child_.stop(grace);
}

void LocalProcess::report_end(const ExitStatus& status) const {
  const std::string tail = last_lines(log_, log_start_, kShownLines);
  throw Error(ErrorCode::internal,
              "the " + name_ + " ended with " + status.text() + (tail.empty() ? "" : "; its last lines:\n" + tail),
              "The whole log is in " + log_.string() + ". Run the same command again: what is done stays done.");
}

std::string last_lines(const fs::path& file, std::uintmax_t from, int lines) {
  const std::uintmax_t size = size_of(file);
  if (size <= from) return "";
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(std::max(from, size > kTailBytes ? size - kTailBytes : 0)));
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  std::size_t start = text.size();
  for (int i = 0; i < lines && start != std::string::npos && start > 0; ++i)
    start = text.rfind('\n', start - 1);
  return start == std::string::npos || start == 0 ? text : text.substr(start + 1);
}

}  // namespace checkerlab::cli
