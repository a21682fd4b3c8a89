#include "coordinator/service/change.hpp"

#include "coordinator/store/documents.hpp"
#include "coordinator/store/job_rows.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/telemetry_rows.hpp"

namespace checkerlab::coordinator {
namespace {

void add_point_events(SQLite::Database& database, std::int64_t score_job, std::vector<ServerEvent>& events) {
  for_each_row(
      database, "SELECT s.number, s.id FROM points p JOIN studies s ON s.number = p.study WHERE p.score_job = ?",
      [&](SQLite::Statement& row) {
        const std::string id = row.getColumn(1).getString();
        for (Json& point : point_documents(database, row.getColumn(0).getInt64(), score_job)) {
          events.push_back({0, "point", {id}, {{"type", "point"}, {"study", id}, {"point", std::move(point)}}});
        }
      },
      score_job);
}

void add_state_events(SQLite::Database& database, const DiskPart& part, std::int64_t now,
                      std::vector<ServerEvent>& events) {
  for (const std::int64_t number : part.jobs) {
    Json job = job_document(database, number);
    auto studies = job.at("studies").get<std::vector<std::string>>();
    events.push_back({0, "job", std::move(studies), {{"type", "job"}, {"job", std::move(job)}}});
  }
  for (const std::int64_t number : part.scored)
    add_point_events(database, number, events);
  for (const std::int64_t number : part.studies) {
    Json study = study_document(database, number, now);
    const std::string id = study.at("id").get<std::string>();
    events.push_back({0, "study", {id}, {{"type", "study"}, {"study", std::move(study)}}});
  }
  for (const std::string& id : part.workers) {
    events.push_back({0, "worker", {}, {{"type", "worker"}, {"worker", worker_document(database, id)}}});
  }
}

}  // namespace

void DiskPart::run(SQLite::Database& database, std::int64_t now, std::int64_t events_kept) {
  events.clear();
  assignments.clear();
  for (const Step& step : steps)
    step(database, events);
  for (const auto& [stage, change] : stages)
    change_stage(database, stage.first, stage.second, change, now);
  add_state_events(database, *this, now, events);
  for (ServerEvent& event : events)
    append_event(database, event, events_kept, now);
  for (const AssignmentOrder& order : orders) {
    rpc::Assignment job = load_assignment(database, order.job, order.number, order.has_inputs);
    job.gang = order.gang;
    assignments[order.session].jobs.push_back(std::move(job));
  }
}

void Change::settle() {
  for (const auto& [job, attempt] : begun) {
    if (attempt.in_attempt) continue;
    disk.steps.push_back([number = job, attempt](SQLite::Database& database, std::vector<ServerEvent>&) {
      begin_attempt(database, number, attempt.number, attempt.at);
    });
  }
  begun.clear();
}

bool Change::empty() const {
  return disk.steps.empty() && disk.jobs.empty() && disk.studies.empty() && disk.scored.empty() &&
         disk.workers.empty() && aftermath.callbacks.empty() && aftermath.cancels.empty() && aftermath.acks.empty();
}

}  // namespace checkerlab::coordinator
