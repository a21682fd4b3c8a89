// RFC 9457 problem documents: how every failure crosses the wire. Value types, no shared state.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::rpc {

using Json = nlohmann::json;

// One place in the input that is wrong. `line` and `column` count from 1; both are 0 where the place has none.
struct InputIssue {
  int line = 0;
  int column = 0;
  std::string path;  // dotted
  std::string message;
  std::string fix;
};

struct Problem {
  std::string type = "about:blank";  // "urn:checkerlab:problem:<code>"
  std::string title;                 // what, in a few words
  int status = 500;                  // the HTTP status
  std::string detail;                // what and where, in full
  std::string fix;                   // what to do about it
  std::vector<InputIssue> errors;    // only for validation failures

  std::string code() const;  // the part of `type` after the last colon
};

Json to_json(const Problem& problem);

// Never throws: a body that is no problem document becomes one with the given status and the body's text as detail.
Problem parse_problem(int status, const std::string& body);

// Thrown by clients when the coordinator answers with a status of 400 or more.
class ApiError : public Error {
 public:
  explicit ApiError(Problem problem);
  const Problem& problem() const noexcept { return problem_; }
  int status() const noexcept { return problem_.status; }

 private:
  Problem problem_;
};

}  // namespace checkerlab::rpc
