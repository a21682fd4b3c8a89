#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route get_study_route(const ApiContext& context) {
  return read_route(context, "/api/v1/studies/{study}", {}, [](const ReadModels& reads, const Request& request) {
    return reads.study(request.parameter("study"));
  });
}

}  // namespace checkerlab::coordinator
