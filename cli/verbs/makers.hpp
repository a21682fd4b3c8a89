// One maker a verb; each stands in the file of its verb.
#pragma once

#include <memory>

#include "cli/verb.hpp"

namespace checkerlab::cli {

std::unique_ptr<Verb> make_run_verb();
std::unique_ptr<Verb> make_submit_verb();
std::unique_ptr<Verb> make_plan_verb();
std::unique_ptr<Verb> make_status_verb();
std::unique_ptr<Verb> make_watch_verb();
std::unique_ptr<Verb> make_cancel_verb();
std::unique_ptr<Verb> make_study_verb();
std::unique_ptr<Verb> make_priority_verb();
std::unique_ptr<Verb> make_results_verb();
std::unique_ptr<Verb> make_reproduce_verb();
std::unique_ptr<Verb> make_jobs_verb();
std::unique_ptr<Verb> make_why_verb();
std::unique_ptr<Verb> make_workers_verb();
std::unique_ptr<Verb> make_logs_verb();
std::unique_ptr<Verb> make_timeline_verb();
std::unique_ptr<Verb> make_top_verb();
std::unique_ptr<Verb> make_export_verb();
std::unique_ptr<Verb> make_model_verb();
std::unique_ptr<Verb> make_features_verb();
std::unique_ptr<Verb> make_score_verb();
std::unique_ptr<Verb> make_web_verb();
std::unique_ptr<Verb> make_token_verb();
std::unique_ptr<Verb> make_audit_verb();
std::unique_ptr<Verb> make_version_verb();
std::unique_ptr<Verb> make_completion_verb();

}  // namespace checkerlab::cli
