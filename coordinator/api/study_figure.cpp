#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route study_figure_route(const ApiContext& context) {
  return read_route(context, "/api/v1/studies/{study}/figure", {}, [](const ReadModels& reads, const Request& request) {
    return reads.figure(request.parameter("study"));
  });
}

}  // namespace checkerlab::coordinator
