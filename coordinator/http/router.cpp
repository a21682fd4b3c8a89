#include "coordinator/http/router.hpp"

#include <algorithm>
#include <charconv>

#include "coordinator/http/method_not_allowed.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kMostText = 500;  // characters of a value in the query

bool method_fits(http::verb declared, http::verb asked) {
  return declared == asked || (declared == http::verb::get && asked == http::verb::head);
}

bool is_placeholder(const std::string& segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

void check_integer(const QueryParameter& declared, const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc{} && end == value.data() + value.size() && number >= declared.least && number <= declared.most)
    return;
  throw Error(ErrorCode::invalid_argument, "query parameter " + declared.name + "='" + value +
                                               "' must be a whole number from " + std::to_string(declared.least) +
                                               " to " + std::to_string(declared.most));
}

void check_length(const QueryParameter& declared, const std::string& value) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
  const auto length = value.size() - std::count_if(value.begin(), value.end(), continues);
  if (length <= kMostText) return;
  throw Error(ErrorCode::invalid_argument, "query parameter " + declared.name + " has " + std::to_string(length) +
                                               " characters; the limit is " + std::to_string(kMostText));
}

std::string methods_of(http::verb method) {
  return method == http::verb::get ? "GET, HEAD" : std::string(http::to_string(method));
}

void check_value(const QueryParameter& declared, const std::string& value) {
  if (declared.kind == QueryKind::text) check_length(declared, value);
  if (declared.kind == QueryKind::integer) check_integer(declared, value);
  if (declared.kind == QueryKind::flag && value != "true" && value != "false") {
    throw Error(ErrorCode::invalid_argument,
                "query parameter " + declared.name + "='" + value + "' must be true or false");
  }
}

std::string names_of(const Route& route) {
  std::string names;
  for (const auto& declared : route.query)
    names += (names.empty() ? "" : ", ") + declared.name;
  return names.empty() ? "This address takes none." : "This address takes: " + names + ".";
}

}  // namespace

void check_query(const Route& route, const std::map<std::string, std::string>& query) {
  for (const auto& [name, value] : query) {
    const auto declared =
        std::find_if(route.query.begin(), route.query.end(), [&name = name](const auto& p) { return p.name == name; });
    if (declared == route.query.end()) {
      throw Error(ErrorCode::invalid_argument, "unknown query parameter '" + name + "'", names_of(route));
    }
    check_value(*declared, value);
  }
}

Router::Router(std::vector<Route> routes) {
  for (auto& route : routes) {
    auto segments = parse_target(route.pattern).segments;
    const bool open_ended = !segments.empty() && segments.back() == "*";
    if (open_ended) segments.pop_back();
    entries_.push_back({std::move(route), std::move(segments), open_ended});
  }
  std::stable_partition(entries_.begin(), entries_.end(), [](const Entry& entry) { return !entry.open_ended; });
}

bool Router::fits(const Entry& entry, const Target& target, std::map<std::string, std::string>& parameters) {
  const auto& wanted = entry.segments;
  const auto& given = target.segments;
  if (entry.open_ended ? given.size() < wanted.size() : given.size() != wanted.size()) return false;
  parameters.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (is_placeholder(wanted[i])) {
      parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
    } else if (wanted[i] != given[i]) {
      return false;
    }
  }
  return true;
}

Match Router::match(http::verb method, const Target& target) const {
  const bool api = !target.segments.empty() && target.segments.front() == "api";
  bool other_method = false;
  std::string allow;
  Match found;
  for (const auto& entry : entries_) {
    if (entry.open_ended && (api || other_method)) continue;
    if (!fits(entry, target, found.parameters)) continue;
    if (method_fits(entry.route.method, method)) {
      found.route = &entry.route;
      return found;
    }
    other_method = true;
    allow += (allow.empty() ? "" : ", ") + methods_of(entry.route.method);
  }
  if (other_method) {
    throw MethodNotAllowed(
        http_error(405, ErrorCode::invalid_argument,
                   "this address does not take " + std::string(http::to_string(method)), "It takes " + allow + ".")
            .problem(),
        allow);
  }
  throw http_error(404, ErrorCode::not_found, "there is nothing at this address",
                   "See /openapi.json for what there is.");
}

}  // namespace checkerlab::coordinator
