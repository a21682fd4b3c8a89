// Finds the route of a request. Immutable after construction, safe from any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coordinator/http/route.hpp"
#include "coordinator/http/url.hpp"

namespace checkerlab::coordinator {

struct Match {
  const Route* route = nullptr;
  std::map<std::string, std::string> parameters;
};

class Router {
 public:
  explicit Router(std::vector<Route> routes);

  // Throws ApiError 404 when no pattern fits and 405 when only the method does not. Exact patterns win over "*"; paths
  // below /api never fall to "*".
  Match match(boost::beast::http::verb method, const Target& target) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
    bool open_ended = false;
  };
  static bool fits(const Entry& entry, const Target& target, std::map<std::string, std::string>& parameters);

  std::vector<Entry> entries_;
};

// Throws Error(invalid_argument) for a parameter that the route does not declare or whose value does not fit.
void check_query(const Route& route, const std::map<std::string, std::string>& query);

}  // namespace checkerlab::coordinator
