#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route list_jobs_route(const ApiContext& context) {
  return read_route(context, "/api/v1/jobs", with_paging({{.name = "study"}, {.name = "state"}, {.name = "kind"}}),
                    [](const ReadModels& reads, const Request& request) {
                      const JobFilter filter{.study = request.query_text("study"),
                                             .state = request.query_text("state"),
                                             .kind = request.query_text("kind")};
                      return reads.jobs(filter, page_request(request));
                    });
}

}  // namespace checkerlab::coordinator
