// The body of a request that brings a study definition (SubmitStudy of the API).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/auth/identity.hpp"
#include "coordinator/service/coordinator.hpp"
#include "coordinator/store/read_models.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {

inline constexpr std::size_t kSubmissionLimit = 8 << 20;  // bytes

// Parses, checks and plans; nothing is stored. Blocking: large studies take a while. Throws Error for a body or a
// definition that cannot be.
StudySubmission read_submission(const Json& body);

// The same for a study that is there: what the body does not say of the data set and of files is taken from the study's
// present revision, where the definition still names the same.
StudySubmission read_revision(Json body, const ReadModels& reads, const std::string& study);

// Adds what the study's scores have led to, where the submission searches for guidance; then its plan is all that it
// would consist of. Blocking.
void add_searched(StudySubmission& submission, const ReadModels& reads, const std::string& study);

// The field `overrides`; empty where it is not there. Throws Error(invalid_data).
std::vector<std::string> overrides_of(const rpc::Fields& body);

// Writes down who asks: into the study's history, and as its owner unless the token file lets them speak for others.
void sign(StudySubmission& submission, const Identity& identity);

}  // namespace checkerlab::coordinator
