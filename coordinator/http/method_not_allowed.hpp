// The refusal of a method that an address does not take; it names those that it does (RFC 9110, section 15.5.6).
#pragma once

#include <string>
#include <utility>

#include "rpc/problem.hpp"

namespace checkerlab::coordinator {

class MethodNotAllowed : public rpc::ApiError {
 public:
  // `allow`: "GET, HEAD, POST".
  MethodNotAllowed(rpc::Problem problem, std::string allow)
      : rpc::ApiError(std::move(problem)), allow_(std::move(allow)) {}
  const std::string& allow() const { return allow_; }

 private:
  std::string allow_;
};

}  // namespace checkerlab::coordinator
