// What has to hold in every committed state of the database, whatever was promised.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "coordinator/scheduler/state.hpp"
#include "tests/simulation/checks/ledger.hpp"

namespace checkerlab::simulation {

// The tables fit together: one result a key, from the attempt that was the last, by the worker that had it; …
void check_tables(SQLite::Database& database, const ReportProblem& report);

// SQLite's own check, and that of the references.
void check_integrity(SQLite::Database& database, const ReportProblem& report);

// Memory says the same as the database; only while no change waits.
void check_agreement(SQLite::Database& database, const coordinator::scheduler::State& state,
                     const ReportProblem& report);

// Nothing goes on any more: every study has ended, as its jobs did.
void check_all_ended(SQLite::Database& database, const ReportProblem& report);

}  // namespace checkerlab::simulation
