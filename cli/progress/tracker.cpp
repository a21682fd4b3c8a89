#include "cli/progress/tracker.hpp"

#include <algorithm>

#include "base/text/number.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

std::optional<double> optional_number(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

double share_of(const rpc::Fields& progress) {
  const double total = progress.number("total");
  return total > 0 ? std::clamp(progress.number("done") / total, 0.0, 1.0) : 0.0;
}

// What the job says, else how far it is: "24/40 steps".
std::string message_of(const rpc::Fields& progress) {
  if (auto message = progress.text_or("message", ""); !message.empty()) return message;
  if (progress.number("total") <= 0) return "";
  return compact(progress.number("done"), 9) + "/" + compact(progress.number("total"), 9) + " " +
         progress.text_or("unit", "");
}

}  // namespace

void StudyTracker::set_study(const Json& study) {
  rpc::Fields(study, "study").text("id");
  study_ = study;
}

void StudyTracker::set_running_jobs(const Json& jobs) {
  running_.clear();
  for (const auto& job : jobs)
    apply_job(job);
}

void StudyTracker::apply(std::string_view type, const Json& event) {
  const rpc::Fields fields(event, "event");
  if (type == "study") {
    const auto& study = fields.object("study");
    if (rpc::Fields(study, "event.study").text("id") == study_.value("id", "")) study_ = study;
  } else if (type == "job") {
    apply_job(fields.object("job"));
  } else if (type == "progress") {
    const auto known = running_.find(fields.text("key"));
    if (known != running_.end()) apply_progress(known->second, fields.object("progress"));
  }
}

void StudyTracker::apply_job(const Json& job) {
  const rpc::Fields fields(job, "job");
  const std::string key = fields.text("key");
  if (fields.text("state") != "running") {
    running_.erase(key);
    return;
  }
  RunningJob& running = running_[key];
  running.kind = fields.text("kind");
  running.updated = ++updates_;
  if (fields.has("progress")) apply_progress(running, fields.object("progress"));
}

void StudyTracker::apply_progress(RunningJob& job, const Json& progress) {
  const rpc::Fields fields(progress, "progress");
  job.share = share_of(fields);
  job.message = message_of(fields);
  job.updated = ++updates_;
}

StageView StudyTracker::stage_view(const Json& stage) const {
  const rpc::Fields fields(stage, "stage");
  StageView view{.kind = fields.text("kind"),
                 .total = fields.integer("total"),
                 .done = fields.integer("done"),
                 .failed = fields.integer("failed"),
                 .running = fields.integer("running"),
                 .rate_per_second = optional_number(stage, "rate_per_second"),
                 .eta_seconds = optional_number(stage, "eta_seconds"),
                 .message = ""};
  double finished = static_cast<double>(view.done);
  long long latest = 0;
  for (const auto& [key, job] : running_) {
    if (job.kind != view.kind) continue;
    finished += job.share;
    if (job.updated > latest) view.message = job.message;
    latest = std::max(latest, job.updated);
  }
  view.share = view.total > 0 ? std::min(1.0, finished / static_cast<double>(view.total)) : 0.0;
  return view;
}

StudyView StudyTracker::view() const {
  const rpc::Fields fields(study_, "study");
  const rpc::Fields jobs = fields.fields("jobs");
  StudyView view{.id = fields.text("id"),
                 .name = fields.text("name"),
                 .title = fields.text_or("title", ""),
                 .state = fields.text("state"),
                 .paused = fields.flag_or("paused", false),
                 .jobs_total = jobs.integer("total"),
                 .jobs_done = jobs.integer("succeeded"),
                 .jobs_failed = jobs.integer("failed"),
                 .stages = {}};
  fields.each("stages", [&](const Json& stage, const std::string&) { view.stages.push_back(stage_view(stage)); });
  return view;
}

}  // namespace checkerlab::cli
