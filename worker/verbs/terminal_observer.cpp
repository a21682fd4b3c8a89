#include "worker/verbs/terminal_observer.hpp"

#include <fmt/format.h>

namespace checkerlab::worker {
namespace {

constexpr std::chrono::milliseconds kRedraw{100}, kPlainLine{5000};

std::string rate_text(double per_second) {
  return per_second >= 10 ? fmt::format("{:.0f}", per_second) : fmt::format("{:.2g}", per_second);
}

}  // namespace

TerminalObserver::TerminalObserver(std::ostream& err, bool terminal, const std::atomic<bool>& stop)
    : err_(err), terminal_(terminal), stop_(stop), began_(Clock::now()), last_(began_) {}

TerminalObserver::~TerminalObserver() {
  clear_line();
}

void TerminalObserver::clear_line() {
  if (line_shown_) err_ << "\r\033[K" << std::flush;
  line_shown_ = false;
}

void TerminalObserver::progress(std::int64_t done, std::int64_t total, std::string_view unit) {
  const auto now = Clock::now();
  if (unit_ != unit) {
    unit_ = unit;
    began_ = now;
    first_done_ = done;
  }
  if (now - last_ < (terminal_ ? kRedraw : kPlainLine)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  std::string line = fmt::format("{} of {} {}", done, total, unit);
  if (done > first_done_ && seconds > 0) {
    const double rate = static_cast<double>(done - first_done_) / seconds;
    line += fmt::format(", {}/s, {:.0f} s left", rate_text(rate), static_cast<double>(total - done) / rate);
  }
  if (terminal_) {
    err_ << "\r\033[K" << line << std::flush;
    line_shown_ = true;
  } else {
    err_ << line << std::endl;
  }
}

void TerminalObserver::log(model::LogLevel level, std::string_view text) {
  if (level == model::LogLevel::debug) return;
  clear_line();
  err_ << (level == model::LogLevel::info      ? ""
           : level == model::LogLevel::warning ? "warning: "
                                               : "error: ")
       << text << std::endl;
}

}  // namespace checkerlab::worker
