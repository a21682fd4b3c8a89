#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route get_job_route(const ApiContext& context) {
  return read_route(context, "/api/v1/jobs/{key}", {}, [](const ReadModels& reads, const Request& request) {
    return reads.job(request.parameter("key"));
  });
}

}  // namespace checkerlab::coordinator
