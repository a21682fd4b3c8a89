#include "cli/progress/block.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text/number.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::cli {
namespace {

constexpr std::size_t kBarCells = 20;
constexpr const char* kReset = "\x1b[0m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kBlue = "\x1b[34m";
constexpr const char* kDim = "\x1b[2m";

std::string left(const std::string& text, std::size_t width) {
  const std::size_t used = text_width(text);
  return used >= width ? text : text + std::string(width - used, ' ');
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t used = text_width(text);
  return used >= width ? text : std::string(width - used, ' ') + text;
}

const char* colour_of(const StageView& stage) {
  if (stage.failed > 0) return kRed;
  if (stage.finished()) return kGreen;
  return stage.running > 0 || stage.share > 0 ? kBlue : kDim;
}

std::string headline(const StudyView& study, const BlockOptions& options) {
  std::string text = printable(study.name);
  if (!study.title.empty()) text += " · " + printable(study.title);
  text += " · " + study.state + (study.paused && !study.finished() ? ", paused" : "") + " · " +
          grouped(study.jobs_done) + "/" + grouped(study.jobs_total) + " jobs";
  if (study.jobs_failed > 0) text += ", " + grouped(study.jobs_failed) + " failed";
  if (options.elapsed_seconds >= 0) text += " · " + duration_text(options.elapsed_seconds);
  return fit_to_width(text, options.width);
}

std::string counts(const StageView& stage) {
  return grouped(stage.done) + "/" + grouped(stage.total);
}

// What stands behind the counts: trouble first, then speed and time left, then what is being done.
std::string details(const StageView& stage) {
  std::string text;
  const auto append = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "  ") + part;
  };
  if (stage.failed > 0) append(grouped(stage.failed) + " failed");
  if (stage.finished()) return text;
  append(rate_text(stage));
  if (stage.eta_seconds) append(duration_text(*stage.eta_seconds) + " left");
  append(printable(stage.message));
  return text;
}

struct Widths {
  std::size_t kind = 0;
  std::size_t counts = 0;
};

std::string stage_line(const StageView& stage, const Widths& widths, const BlockOptions& options) {
  const std::string head = "  " + left(stage_name(stage.kind), widths.kind) + "  ";
  const std::string what = details(stage);
  const std::string tail = fit_to_width("  " + right(counts(stage), widths.counts) + (what.empty() ? "" : "  " + what),
                                        options.width - std::min(options.width, text_width(head) + kBarCells));
  const std::string bar = render_bar(stage.share, kBarCells);
  if (!options.colour) return fit_to_width(head + bar + tail, options.width);
  if (text_width(head) + kBarCells > options.width) return fit_to_width(head + bar, options.width);
  return head + colour_of(stage) + bar + kReset + tail;
}

}  // namespace

std::string stage_name(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return printable(kind);
}

std::string rate_text(const StageView& stage) {
  return stage.total > 1 ? rate_text(stage.rate_per_second) : "";
}

std::string rate_text(std::optional<double> per_second) {
  if (!per_second || !std::isfinite(*per_second) || *per_second <= 0) return "";
  if (*per_second >= 1) return compact(*per_second, *per_second < 100 ? 2 : 4) + "/s";
  if (*per_second * 60 >= 1) return compact(*per_second * 60, 2) + "/min";
  return compact(*per_second * 3600, 2) + "/h";
}

std::string render_bar(double share, std::size_t cells) {
  constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  const auto eighths = static_cast<std::size_t>(std::floor(clamped * static_cast<double>(cells) * 8 + 1e-9));
  std::string bar;
  for (std::size_t i = 0; i < eighths / 8; ++i)
    bar += "█";
  std::size_t used = eighths / 8;
  if (eighths % 8 > 0) {
    bar += kEighths[eighths % 8];
    ++used;
  }
  for (; used < cells; ++used)
    bar += "░";
  return bar;
}

std::vector<std::string> render_block(const StudyView& study, const BlockOptions& options) {
  Widths widths;
  for (const StageView& stage : study.stages) {
    widths.kind = std::max(widths.kind, text_width(stage_name(stage.kind)));
    widths.counts = std::max(widths.counts, text_width(counts(stage)));
  }
  std::vector<std::string> lines{headline(study, options)};
  for (const StageView& stage : study.stages)
    lines.push_back(stage_line(stage, widths, options));
  return lines;
}

}  // namespace checkerlab::cli
