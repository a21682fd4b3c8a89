// One event of the stream GET /api/v1/events. Plain value.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

using Json = nlohmann::json;

struct ServerEvent {
  std::uint64_t id = 0;              // grows by one or more; also over restarts
  std::string type;                  // study, job, jobs (many of a study), progress, curve, log, worker, point
  std::vector<std::string> studies;  // ids of the studies it concerns; empty: all (workers)
  Json data;                         // {"type": type, …} as the API promises
};

}  // namespace checkerlab::coordinator
