// What the verbs of `checkerlab study` tell people: the API's answers in words. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace checkerlab::cli {

// A StudyDiff: counts, what it would cost, which other studies share it, and the points and jobs that come or go.
std::string diff_text(const nlohmann::json& diff);
// An ExtendedStudy.
std::string extended_text(const nlohmann::json& study);
// A RerunOutcome.
std::string rerun_text(const nlohmann::json& study);
// A PausedStudy.
std::string paused_text(const nlohmann::json& study);
// A study that was cancelled: what goes on because another study needs it.
std::string cancelled_text(const nlohmann::json& study);
// A RevisionList.
std::string history_text(const nlohmann::json& revisions);
// A StudyCode of the study called `name`, with a warning for every curve that mixes code versions.
std::string code_text(const std::string& name, const nlohmann::json& code);
// The state of a study, with "paused" or "archived" where it is.
std::string state_text(const nlohmann::json& study);

}  // namespace checkerlab::cli
