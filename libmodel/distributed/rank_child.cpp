#include "libmodel/distributed/rank_child.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>

#include "base/threading_environment.hpp"
#include "libmodel/distributed/rank_report.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLongestReport = 64 << 10;
constexpr std::chrono::seconds kReap{5};  // for the kernel to take a killed process away

ChildProcess start(const std::vector<std::string>& command, const RankSettings& settings,
                   const std::vector<Descriptor>& sockets, int log, int report) {
  ChildOptions options;
  options.arguments = command;
  options.environment = to_environment(settings);
  options.environment.merge(threading_environment());
  options.descriptors = {{2, log}, {kRankReport, report}};
  if (settings.rank != 0) options.descriptors[1] = log;
  for (std::size_t i = 0; i < sockets.size(); ++i)
    options.descriptors[kFirstRankSocket + static_cast<int>(i)] = sockets[i].get();
  return ChildProcess(options);
}

// What there is to read now; closes the descriptor at its end.
std::string read_all(Descriptor& descriptor) {
  std::string all;
  std::array<char, 16 << 10> bytes;
  while (descriptor.get() >= 0) {
    const auto got = ::read(descriptor.get(), bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got > 0) {
      all.append(bytes.data(), static_cast<std::size_t>(got));
    } else {
      descriptor.reset();
    }
  }
  return all;
}

Descriptor non_blocking(Descriptor descriptor) {
  const int flags = ::fcntl(descriptor.get(), F_GETFL);
  if (::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) != 0) throw errno_error(errno, "watch a rank");
  return descriptor;
}

}  // namespace

RankChild::RankChild(const std::vector<std::string>& command, const RankSettings& settings,
                     std::vector<Descriptor> sockets, OnLine on_line)
    : RankChild(command, settings, sockets, std::move(on_line), Pipes()) {}

RankChild::RankChild(const std::vector<std::string>& command, const RankSettings& settings,
                     const std::vector<Descriptor>& sockets, OnLine on_line, Pipes pipes)
    : settings_(settings),
      on_line_(std::move(on_line)),
      log_(non_blocking(std::move(pipes.log.read))),
      report_(non_blocking(std::move(pipes.report.read))),
      process_(start(command, settings, sockets, pipes.log.write.get(), pipes.report.write.get())) {}

void RankChild::read() {
  if (!status_) status_ = process_.poll();  // first: what an ended process wrote is all there then
  const std::string log = read_all(log_);
  // After the log: a rank reports before it prints why it ends, and what was reported need not be shown twice.
  const std::string report = read_all(report_);
  report_text_ += report.substr(0, kLongestReport - std::min(kLongestReport, report_text_.size()));
  take_log(log);
}

void RankChild::take_log(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte == '\n' || byte == '\r') {
      take_line(line_);
      line_.clear();
    } else if (line_.size() < kLongestLine) {
      line_ += byte;
    }
  }
}

void RankChild::take_line(std::string_view line) {
  if (line.empty()) return;
  tail_.emplace_back(line);
  if (tail_.size() > kTailLines) tail_.pop_front();
  if (on_line_ && report_text_.empty()) on_line_(settings_.rank, line);
}

void RankChild::kill() {
  if (ended()) return;
  process_.signal_group(SIGKILL);
  status_ = process_.wait(kReap);
  read();
}

std::optional<Error> RankChild::report() const {
  return parse_rank_report(report_text_);
}

std::string RankChild::end_text() const {
  std::string text = "rank " + std::to_string(settings_.rank) + " of " + std::to_string(settings_.size) +
                     " ended with " + (status_ ? status_->text() : "nothing to say");
  if (!tail_.empty()) text += "; its last lines:";
  for (const auto& line : tail_)
    text += "\n  " + line;
  if (!line_.empty()) text += "\n  " + line_;
  return text;
}

}  // namespace checkerlab::model
