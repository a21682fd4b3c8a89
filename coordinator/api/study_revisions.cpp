#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route study_revisions_route(const ApiContext& context) {
  return read_route(
      context, "/api/v1/studies/{study}/revisions", {},
      [](const ReadModels& reads, const Request& request) { return reads.revisions(request.parameter("study")); });
}

}  // namespace checkerlab::coordinator
