// What an endpoint declares about itself; the server checks it all before the handler runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/auth/identity.hpp"
#include "coordinator/http/exchange.hpp"
#include "coordinator/http/request.hpp"
#include "coordinator/http/response.hpp"

namespace checkerlab::coordinator {

enum class QueryKind { text, integer, flag };

// One parameter that may stand in the query. Others are refused, so that a misspelt one is not ignored.
struct QueryParameter {
  std::string name;
  QueryKind kind = QueryKind::text;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  // of an integer
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// Answers from a request that is wholly in memory. Runs on the server's thread; blocking work goes to the pool
// (blocking.hpp).
using Handler = std::function<boost::asio::awaitable<Response>(const Request&)>;
// Reads the body and writes the answer itself.
using StreamHandler = std::function<boost::asio::awaitable<void>(Exchange&)>;

struct Route {
  boost::beast::http::verb method = boost::beast::http::verb::get;  // get also answers HEAD
  std::string pattern;                                              // "/api/v1/jobs/{key}"; a last "*" takes any rest
  Role role = Role::admin;
  std::optional<Role> or_role = std::nullopt;  // another one that will do
  std::vector<QueryParameter> query;
  std::size_t body_limit = 0;  // bytes; 0: no body is accepted (streaming routes bound their bodies themselves)
  std::variant<Handler, StreamHandler> handler;
  bool secret = false;  // the answer holds a secret: it is kept nowhere
};

}  // namespace checkerlab::coordinator
