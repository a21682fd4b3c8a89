// What a submission would do, without doing it: the study's summary as it would be, and its points.
#pragma once

#include "coordinator/service/coordinator.hpp"
#include "coordinator/store/read_models.hpp"

namespace checkerlab::coordinator {

// Reads the database: call it on the pool.
Json dry_run_document(const ReadModels& reads, const StudySubmission& submission, UtcTime now);

}  // namespace checkerlab::coordinator
