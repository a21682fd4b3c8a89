#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route list_studies_route(const ApiContext& context) {
  return read_route(context, "/api/v1/studies", with_paging({{.name = "archived", .kind = QueryKind::flag}}),
                    [](const ReadModels& reads, const Request& request) {
                      return reads.studies(page_request(request), request.query_flag("archived"));
                    });
}

}  // namespace checkerlab::coordinator
