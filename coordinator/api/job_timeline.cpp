#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route job_timeline_route(const ApiContext& context) {
  return read_route(context, "/api/v1/jobs/{key}/timeline", {}, [](const ReadModels& reads, const Request& request) {
    return reads.timeline(request.parameter("key"));
  });
}

}  // namespace checkerlab::coordinator
