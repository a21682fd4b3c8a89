// A GET endpoint that answers with what a read model gives, computed on the pool.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "coordinator/api/context.hpp"
#include "coordinator/http/route.hpp"

namespace checkerlab::coordinator {

using Read = std::function<Json(const ReadModels&, const Request&)>;

Route read_route(const ApiContext& context, std::string pattern, std::vector<QueryParameter> query, Read read);

// The parameters of every list, and their values.
std::vector<QueryParameter> with_paging(std::vector<QueryParameter> parameters);
PageRequest page_request(const Request& request);

}  // namespace checkerlab::coordinator
