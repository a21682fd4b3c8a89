#include "cli/progress/display.hpp"

#include "base/text/number.hpp"
#include "base/text/text_width.hpp"
#include "cli/progress/block.hpp"

namespace checkerlab::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRedraw{200};
constexpr milliseconds kPlainEvery{5'000};

double seconds_of(milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

TerminalDisplay::TerminalDisplay(const Console& console)
    : out_(console.err), width_(console.width), colour_(console.colour) {}

void TerminalDisplay::update(const StudyView& study, milliseconds elapsed) {
  if (elapsed < next_) return;
  next_ = elapsed + kRedraw;
  draw(study, elapsed);
}

void TerminalDisplay::finish(const StudyView& study, milliseconds elapsed) {
  draw(study, elapsed);
}

void TerminalDisplay::draw(const StudyView& study, milliseconds elapsed) {
  std::string text = drawn_lines_ > 0 ? "\x1b[" + std::to_string(drawn_lines_) + "A" : "";
  const auto lines =
      render_block(study, {.width = width_ - 1, .colour = colour_, .elapsed_seconds = seconds_of(elapsed)});
  for (const auto& line : lines)
    text += "\r" + line + "\x1b[K\n";
  if (lines.size() < drawn_lines_) text += "\x1b[J";
  drawn_lines_ = lines.size();
  out_ << text << std::flush;
}

PlainDisplay::PlainDisplay(std::ostream& out) : out_(out) {}

void PlainDisplay::update(const StudyView& study, milliseconds elapsed) {
  const bool due = elapsed >= next_;
  if (due) next_ = elapsed + kPlainEvery;
  for (const StageView& stage : study.stages) {
    const bool begun = stage.running > 0 || stage.done > 0 || stage.failed > 0;
    if (!begun || ended_[stage.kind]) continue;
    if (due || stage.finished() || !written_.contains(stage.kind)) write(stage, elapsed);
    ended_[stage.kind] = stage.finished();
  }
}

void PlainDisplay::write(const StageView& stage, milliseconds elapsed) {
  std::string line = stage_name(stage.kind) + ": " + grouped(stage.done) + "/" + grouped(stage.total);
  if (stage.failed > 0) line += ", " + grouped(stage.failed) + " failed";
  if (!stage.finished()) {
    line += " (" + std::to_string(static_cast<int>(stage.share * 100)) + " %)";
    if (const auto rate = rate_text(stage); !rate.empty()) line += ", " + rate;
    if (stage.eta_seconds) line += ", " + duration_text(*stage.eta_seconds) + " left";
    if (!stage.message.empty()) line += ", " + printable(stage.message);
  }
  if (written_[stage.kind] == line) return;
  written_[stage.kind] = line;
  out_ << "[" << duration_text(seconds_of(elapsed)) << "] " << line << std::endl;
}

void PlainDisplay::finish(const StudyView& study, milliseconds elapsed) {
  next_ = elapsed;
  update(study, elapsed);
  out_ << "[" << duration_text(seconds_of(elapsed)) << "] " << printable(study.name) << ": " << study.state << ", "
       << grouped(study.jobs_done) << "/" << grouped(study.jobs_total) << " jobs done";
  if (study.jobs_failed > 0) out_ << ", " << grouped(study.jobs_failed) << " failed";
  out_ << std::endl;
}

JsonDisplay::JsonDisplay(std::ostream& out) : out_(out) {}

void JsonDisplay::update(const StudyView&, milliseconds) {}

void JsonDisplay::event(const nlohmann::json& event) {
  out_ << event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

void JsonDisplay::finish(const StudyView&, milliseconds) {}

std::unique_ptr<Display> make_display(Console& console, bool json) {
  if (json) return std::make_unique<JsonDisplay>(console.out);
  if (console.err_is_terminal) return std::make_unique<TerminalDisplay>(console);
  return std::make_unique<PlainDisplay>(console.err);
}

}  // namespace checkerlab::cli
