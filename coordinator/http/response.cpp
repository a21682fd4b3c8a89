#include "coordinator/http/response.hpp"

namespace checkerlab::coordinator {
namespace {

// Text that came from outside may hold broken UTF-8; an answer must not fail for it.
std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Response json_response(const nlohmann::json& body, unsigned status) {
  return {.status = status,
          .content_type = "application/json",
          .body = dump(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

Response problem_response(const rpc::Problem& problem) {
  Response response{.status = static_cast<unsigned>(problem.status),
                    .content_type = "application/problem+json",
                    .body = dump(rpc::to_json(problem)),
                    .headers = {{"Cache-Control", "no-store"}}};
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"checkerlab\"");
  return response;
}

}  // namespace checkerlab::coordinator
