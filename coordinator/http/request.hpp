// A request after admission: routed, authorised and validated. Plain values.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "coordinator/auth/identity.hpp"

namespace checkerlab::coordinator {

struct Request {
  boost::beast::http::verb method = boost::beast::http::verb::get;
  std::string path;                               // decoded, without the query
  std::map<std::string, std::string> parameters;  // {name} parts of the path, decoded
  std::map<std::string, std::string> query;       // only declared names, checked against their declaration
  boost::beast::http::fields headers;
  std::string body;  // empty for streaming routes
  Identity identity;
  std::string address;  // of the other side, numeric

  const std::string& parameter(const std::string& name) const { return parameters.at(name); }
  std::string query_text(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
  // The value was checked on admission, so it is a number in range.
  std::optional<std::int64_t> query_integer(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional<std::int64_t>(std::stoll(found->second));
  }
  bool query_flag(const std::string& name) const { return query_text(name) == "true"; }
  std::string header(std::string_view name) const {
    const auto value = headers[boost::beast::string_view(name.data(), name.size())];
    return std::string(value.data(), value.size());
  }
};

}  // namespace checkerlab::coordinator
