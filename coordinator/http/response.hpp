// A complete answer held in memory. Plain value.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rpc/problem.hpp"

namespace checkerlab::coordinator {

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

Response json_response(const nlohmann::json& body, unsigned status = 200);
Response problem_response(const rpc::Problem& problem);

}  // namespace checkerlab::coordinator
