#include "cli/top/screen.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/clock.hpp"
#include "base/text/number.hpp"
#include "base/text/text_width.hpp"
#include "cli/progress/block.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;
using Lines = std::vector<std::string>;

constexpr std::size_t kBar = 12;

std::string cell(const std::string& text, std::size_t columns) {
  const std::string cut = fit_to_width(printable(text), columns);
  return cut + std::string(columns - std::min(columns, text_width(cut)), ' ') + "  ";
}

std::string number_cell(const std::string& text, std::size_t columns) {
  const std::size_t used = text_width(text);
  return std::string(columns - std::min(columns, used), ' ') + text + "  ";
}

double share_of(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

// The stages run beside and after one another: the longest of what they need.
std::optional<double> time_left(const Json& study) {
  std::optional<double> left;
  for (const auto& stage : study.at("stages")) {
    const Json eta = stage.value("eta_seconds", Json());
    if (eta.is_number()) left = std::max(left.value_or(0), eta.get<double>());
  }
  return left;
}

std::string study_line(const Json& study) {
  const Json& jobs = study.at("jobs");
  const long long done = jobs.at("succeeded");
  const long long total = jobs.at("total");
  const long long failed = jobs.at("failed");
  std::string text = cell(study.at("name"), 20) + cell(study.at("state"), 9) +
                     render_bar(share_of(static_cast<double>(done), static_cast<double>(total)), kBar) + "  " +
                     number_cell(grouped(done) + "/" + grouped(total), 15) +
                     number_cell(grouped(jobs.at("running").get<long long>()) + " run", 8);
  if (failed > 0) text += grouped(failed) + " failed  ";
  if (const auto left = time_left(study)) text += duration_text(*left) + " left";
  return text;
}

bool is_over(const Json& study) {
  const std::string state = study.at("state");
  return state == "succeeded" || state == "failed" || state == "cancelled";
}

// The busiest of its GPUs and the memory of all; nothing for a worker that does not know.
std::string gpu_text(const Json& worker) {
  const Json load = worker.value("load", Json());
  if (!load.is_array() || load.empty()) return "";
  double busy = 0;
  double used = 0;
  double memory = 0;
  for (const auto& device : load) {
    busy += device.at("busy").get<double>() / static_cast<double>(load.size());
    used += device.at("memory_used_bytes").get<double>();
    memory += device.at("memory_bytes").get<double>();
  }
  return "GPU " + std::to_string(std::lround(busy * 100)) + " %, " + bytes_text(used) + " of " + bytes_text(memory);
}

std::string worker_line(const Json& worker) {
  const long long slots = worker.at("slots");
  const long long used = std::min(worker.at("running_total").get<long long>(), slots);  // others wait there for one
  return cell(worker.at("name"), 20) + cell(worker.at("state"), 9) +
         render_bar(share_of(static_cast<double>(used), static_cast<double>(slots)), kBar) + "  " +
         number_cell(grouped(used) + "/" + grouped(slots) + " slots", 15) + cell(worker.at("device").at("name"), 18) +
         gpu_text(worker);
}

std::string job_line(const Json& job, const std::string& now) {
  const Json progress = job.value("progress", Json());
  double share = 0;
  std::string doing;
  if (progress.is_object()) {
    share = share_of(progress.at("done"), progress.at("total"));
    doing = progress.at("message");
  }
  std::string time;
  if (job.at("started_at").is_string() && !now.empty()) {
    const auto began = parse_rfc3339(job.at("started_at").get<std::string>());
    const std::chrono::duration<double> runs = parse_rfc3339(now) - began;
    time = duration_text(std::max(0.0, runs.count()));
  }
  const std::string worker = job.at("worker").is_string() ? job.at("worker").get<std::string>() : "";
  return cell(job.at("key").get<std::string>().substr(0, 8), 8) + cell(stage_name(job.at("kind")), 20) +
         render_bar(share, kBar) + "  " + number_cell(time, 12) + cell(worker, 16) +
         printable(doing.empty() ? job.at("label").get<std::string>() : doing);
}

struct Part {
  std::string title;
  Lines lines;
};

Part studies_part(const TopView& view) {
  Part part{"Studies", {}};
  for (const auto& study : view.studies) {
    if (!is_over(study)) part.lines.push_back(study_line(study));
  }
  for (std::size_t i = 0; part.lines.empty() && i < view.studies.size() && i < 3; ++i)
    part.lines.push_back(study_line(view.studies[i]));
  return part;
}

Part workers_part(const TopView& view) {
  Part part{"Workers", {}};
  for (const auto& worker : view.workers) {
    if (worker.at("state") != "offline") part.lines.push_back(worker_line(worker));
  }
  return part;
}

Part jobs_part(const TopView& view) {
  Part part{"Running jobs", {}};
  for (const auto& job : view.jobs)
    part.lines.push_back(job_line(job, view.now));
  return part;
}

// Shares `room` lines among the parts: nobody gets more than it needs, what is left goes to the others.
std::vector<std::size_t> share_lines(const std::vector<Part>& parts, std::size_t room) {
  std::vector<std::size_t> given(parts.size(), 0);
  for (bool more = true; more && room > 0;) {
    more = false;
    for (std::size_t i = 0; i < parts.size() && room > 0; ++i) {
      if (given[i] >= std::max<std::size_t>(1, parts[i].lines.size())) continue;
      ++given[i];
      --room;
      more = true;
    }
  }
  return given;
}

void add_part(Lines& lines, const Part& part, std::size_t room) {
  lines.push_back(part.title + " (" + grouped(static_cast<long long>(part.lines.size())) + ")");
  if (part.lines.empty()) {
    if (room > 0) lines.emplace_back("  none");
    return;
  }
  const bool cut = part.lines.size() > room;
  const std::size_t shown = cut ? room - std::min<std::size_t>(room, 1) : part.lines.size();
  for (std::size_t i = 0; i < shown; ++i)
    lines.push_back("  " + part.lines[i]);
  if (cut && room > 0)
    lines.push_back("  … and " + grouped(static_cast<long long>(part.lines.size() - shown)) + " more");
}

}  // namespace

Lines render_top(const TopView& view, const ScreenSize& size) {
  const std::vector<Part> parts{studies_part(view), workers_part(view), jobs_part(view)};
  const std::size_t frame = 1 + parts.size();
  const std::size_t room = size.lines == 0 ? std::size_t{1} << 20U : size.lines - std::min(size.lines, frame);
  const auto given = share_lines(parts, room);
  Lines lines{"checkerlab top · " + view.now + (view.note.empty() ? "" : " · " + view.note)};
  for (std::size_t i = 0; i < parts.size(); ++i)
    add_part(lines, parts[i], given[i]);
  if (size.lines > 0 && lines.size() > size.lines) lines.resize(size.lines);
  for (std::string& line : lines)
    line = fit_to_width(line, size.columns);
  return lines;
}

}  // namespace checkerlab::cli
