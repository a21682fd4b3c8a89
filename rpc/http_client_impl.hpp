// What HttpClient holds (internal to rpc/).
#pragma once

#include "rpc/http_connection.hpp"

namespace checkerlab::rpc {

class HttpClient::Impl {
 public:
  Impl(Endpoint at, HttpOptions with)
      : endpoint(std::move(at)), options(std::move(with)), connection(endpoint, options) {}

  const Endpoint endpoint;
  const HttpOptions options;
  HttpConnection connection;
};

// Throws ApiError for status >= 400.
void require_success(int status, const std::string& body);

}  // namespace checkerlab::rpc
