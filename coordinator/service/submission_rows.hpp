// A submission as rows. Internal to the service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/scheduler/state.hpp"
#include "coordinator/service/coordinator.hpp"
#include "coordinator/store/revision_rows.hpp"
#include "coordinator/store/study_rows.hpp"

namespace checkerlab::coordinator {

// Everything of a submission that goes into tables, by number.
struct SubmissionRows {
  std::shared_ptr<const StudySubmission> submission;
  std::int64_t study = 0;
  std::string id;
  std::string fingerprint;  // of a study that is created
  bool created = false;
  StudyOrderRow order;
  std::vector<NewJobRow> jobs;                                     // that nobody had asked for before
  std::vector<std::pair<std::int64_t, const sweeps::Job*>> known;  // hints and labels may be newer
  std::vector<std::int64_t> links;
  std::vector<PointRow> points;

  // The jobs and how the study stands to others; and the study itself, when it is created.
  void write(SQLite::Database& database, std::int64_t now) const;
};

// `jobs_before`: how many jobs there were before the submission.
SubmissionRows rows_of(const scheduler::State& state, std::shared_ptr<const StudySubmission> submission,
                       std::size_t jobs_before);

// The same name and the same set of keys give the same fingerprint.
std::string study_fingerprint(const StudySubmission& submission);

// The revision that a submission makes: its text, not its jobs.
RevisionRow revision_row(const StudySubmission& submission, std::int64_t study, std::int64_t number);

std::vector<scheduler::NewJob> new_jobs(const sweeps::Plan& plan);

// Throws Error when the plan has no jobs or too many, jobs or points twice, inputs out of order, or points without
// jobs.
void check_submission(const StudySubmission& submission, const std::vector<scheduler::NewJob>& jobs);

}  // namespace checkerlab::coordinator
