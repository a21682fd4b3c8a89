#include "rpc/problem.hpp"

#include "rpc/fields.hpp"

namespace checkerlab::rpc {
namespace {

// Answers that are no problem documents (a proxy's, say) have only their status to tell.
ErrorCode code_of(const Problem& problem) {
  if (problem.type != "about:blank") return error_code_from(problem.code());
  if (problem.status == 502 || problem.status == 503 || problem.status == 504) return ErrorCode::unavailable;
  return problem.status >= 500 ? ErrorCode::internal : ErrorCode::invalid_argument;
}

std::string text_of(const Json& json, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

int number_of(const Json& json, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  return found != json.end() && found->is_number_integer() ? found->get<int>() : 0;
}

// Nothing for a text that is no JSON or nests without end.
Json parsed(const std::string& body) {
  try {
    return parse_json(body, "the answer");
  } catch (const Error&) {
    return nullptr;
  }
}

Json list_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_array() ? *found : Json::array();
}

}  // namespace

std::string Problem::code() const {
  return type.substr(type.rfind(':') + 1);
}

Json to_json(const Problem& problem) {
  Json json{{"type", problem.type},
            {"title", problem.title},
            {"status", problem.status},
            {"detail", problem.detail},
            {"fix", problem.fix}};
  for (const auto& issue : problem.errors) {
    json["errors"].push_back({{"line", issue.line},
                              {"column", issue.column},
                              {"path", issue.path},
                              {"message", issue.message},
                              {"fix", issue.fix}});
  }
  return json;
}

Problem parse_problem(int status, const std::string& body) {
  Problem problem{.title = "HTTP status " + std::to_string(status), .status = status};
  const auto json = parsed(body);
  if (!json.is_object() || !json.contains("title")) {
    problem.detail = body.empty() ? problem.title : problem.title + ": " + body.substr(0, 500);
    return problem;
  }
  problem.type = text_of(json, "type");
  problem.title = text_of(json, "title");
  problem.detail = text_of(json, "detail");
  problem.fix = text_of(json, "fix");
  for (const auto& issue : list_of(json, "errors")) {
    problem.errors.push_back({.line = number_of(issue, "line"),
                              .column = number_of(issue, "column"),
                              .path = text_of(issue, "path"),
                              .message = text_of(issue, "message"),
                              .fix = text_of(issue, "fix")});
  }
  return problem;
}

ApiError::ApiError(Problem problem)
    : Error(code_of(problem), problem.detail.empty() ? problem.title : problem.detail, problem.fix),
      problem_(std::move(problem)) {}

}  // namespace checkerlab::rpc
