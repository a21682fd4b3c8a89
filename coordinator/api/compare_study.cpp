// GET /api/v1/studies/{study}/diff: against another study, or between two revisions of this one.
#include "base/error.hpp"
#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {
namespace {

Json compare(const ReadModels& reads, const Request& request) {
  const std::string& study = request.parameter("study");
  const std::string other = request.query_text("with");
  const auto from = request.query_integer("from");
  const auto to = request.query_integer("to");
  if (!other.empty() && !from && !to) return reads.diff_studies(study, other);
  if (other.empty() && from && to) return reads.diff_revisions(study, *from, *to);
  throw Error(ErrorCode::invalid_argument, "a comparison takes either `with`, or `from` and `to`",
              "Say with=STUDY for another study, or from=1&to=2 for two revisions.");
}

}  // namespace

Route compare_study_route(const ApiContext& context) {
  std::vector<QueryParameter> query{{.name = "with"},
                                    {.name = "from", .kind = QueryKind::integer, .least = 1},
                                    {.name = "to", .kind = QueryKind::integer, .least = 1}};
  return read_route(context, "/api/v1/studies/{study}/diff", std::move(query), compare);
}

}  // namespace checkerlab::coordinator
