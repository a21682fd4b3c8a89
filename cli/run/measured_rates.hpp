// The fleet of a coordinator, and how fast it did jobs before.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "sweeps/rates.hpp"

namespace checkerlab::cli {

struct Fleet {
  int gpus = 0;                     // slots of the GPU workers that are online
  std::vector<sweeps::Rate> rates;  // of GPU workers, in the coordinator's database
};

// Asks the coordinator that runs, or one started for that on an existing database. Empty when there is neither.
Fleet ask_fleet(Context& context);

// From the rows of two queries: [key, spec, training images or null] of all jobs that others hang on, and [kind, spec,
// seconds, machine, date] of finished ones, newest first. One rate for each kind and work: the median of its rows.
// Pure.
std::vector<sweeps::Rate> rates_from_rows(const nlohmann::json& specs, const nlohmann::json& finished);

}  // namespace checkerlab::cli
