// What a study would do: its points and jobs, and which of them are done already.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "cli/run/study_source.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::cli {

// How many of the jobs are there already, as the coordinator answered; nothing when neither a coordinator runs nor a
// database exists.
struct KnownJobs {
  long long done = 0;
  long long unknown = 0;                                 // keys that nobody submitted before
  nlohmann::json shared_with = nlohmann::json::array();  // studies that have jobs of it too: [{id, name, jobs}]
  nlohmann::json forecast;  // the API's Forecast of those that are not done; null when there is none
};

// For people: a table of points, a table of jobs by kind, and the totals. Pure.
std::string dry_run_text(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                         const std::optional<KnownJobs>& known);

// For programs: {name, points, screens, points_at_most, images_at_most, jobs_by_kind, jobs_total, jobs_new, jobs_done,
// shared_with, forecast}; the last four null when not known. Pure.
nlohmann::json dry_run_json(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                            const std::optional<KnownJobs>& known);

// Plans the study here and asks the coordinator, or one started for that on an existing database, what is done.
void print_dry_run(Context& context, const StudySource& source);

}  // namespace checkerlab::cli
