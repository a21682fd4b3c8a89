#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route study_code_route(const ApiContext& context) {
  return read_route(context, "/api/v1/studies/{study}/code", {}, [](const ReadModels& reads, const Request& request) {
    return reads.code_versions(request.parameter("study"));
  });
}

}  // namespace checkerlab::coordinator
