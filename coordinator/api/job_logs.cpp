#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route job_logs_route(const ApiContext& context) {
  std::vector<QueryParameter> query{
      {.name = "after", .kind = QueryKind::integer, .least = 0},
      {.name = "limit", .kind = QueryKind::integer, .least = 1, .most = 10'000},
      {.name = "tail", .kind = QueryKind::integer, .least = 1, .most = 10'000},
  };
  return read_route(context, "/api/v1/jobs/{key}/logs", std::move(query),
                    [](const ReadModels& reads, const Request& request) {
                      LogRequest wanted;
                      wanted.after = request.query_integer("after").value_or(wanted.after);
                      wanted.limit = request.query_integer("limit").value_or(wanted.limit);
                      wanted.tail = request.query_integer("tail");
                      return reads.logs(request.parameter("key"), wanted);
                    });
}

}  // namespace checkerlab::coordinator
