#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

std::vector<Route> all_routes(const ApiContext& context) {
  return {health_route(),
          ready_route(context),
          openapi_route(),
          metrics_route(context),
          sign_in_route(context),
          sign_in_links_route(context),
          version_route(context),
          submit_study_route(context),
          submit_noop_study_route(context),
          list_studies_route(context),
          get_study_route(context),
          cancel_study_route(context),
          study_points_route(context),
          study_figure_route(context),
          list_jobs_route(context),
          get_job_route(context),
          job_logs_route(context),
          job_curves_route(context),
          job_timeline_route(context),
          list_workers_route(context),
          worker_session_route(context),
          query_route(context),
          export_table_route(context),
          snapshot_route(context),
          events_route(context),
          get_artifact_route(context),
          put_artifact_route(context),
          web_page_route(context)};
}

}  // namespace checkerlab::coordinator
