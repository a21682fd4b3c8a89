// The verbs of `checkerlab study`, one maker each; each stands in the file of its verb.
#pragma once

#include <memory>
#include <string>

#include "cli/client/session.hpp"
#include "cli/verb.hpp"

namespace checkerlab::cli {

std::unique_ptr<Verb> make_study_diff_verb();
std::unique_ptr<Verb> make_study_extend_verb();
std::unique_ptr<Verb> make_study_rerun_verb();
std::unique_ptr<Verb> make_study_pause_verb();
std::unique_ptr<Verb> make_study_resume_verb();
std::unique_ptr<Verb> make_study_archive_verb();
std::unique_ptr<Verb> make_study_unarchive_verb();
std::unique_ptr<Verb> make_study_history_verb();
std::unique_ptr<Verb> make_study_compare_code_verb();

// "/api/v1/studies/STUDY/WHAT".
inline std::string study_target(const std::string& study, const std::string& what) {
  return "/api/v1/studies/" + rpc::escape_query(study) + "/" + what;
}

// The study that a verb is about, into a variable that lives as long as the command.
inline void add_study_name(CLI::App& command, std::string& study) {
  command.add_option("STUDY", study, "Name or id of a study")->required()->type_name("NAME");
}

}  // namespace checkerlab::cli
