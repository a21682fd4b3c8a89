#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route list_workers_route(const ApiContext& context) {
  return read_route(context, "/api/v1/workers", {},
                    [](const ReadModels& reads, const Request&) { return reads.workers(); });
}

}  // namespace checkerlab::coordinator
