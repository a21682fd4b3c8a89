#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

std::vector<Route> all_routes(const ApiContext& context) {
  return {health_route(),
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
          diff_study_route(context),
          compare_study_route(context),
          extend_study_route(context),
          rerun_study_route(context),
          pause_study_route(context),
          resume_study_route(context),
          archive_study_route(context),
          unarchive_study_route(context),
          study_revisions_route(context),
          study_code_route(context),
          order_study_route(context),
          study_forecast_route(context),
          study_points_route(context),
          study_figure_route(context),
          list_jobs_route(context),
          get_job_route(context),
          why_job_route(context),
          job_logs_route(context),
          job_curves_route(context),
          list_workers_route(context),
          drain_worker_route(context),
          cordon_worker_route(context),
          uncordon_worker_route(context),
          worker_session_route(context),
          query_route(context),
          events_route(context),
          get_artifact_route(context),
          put_artifact_route(context),
          web_page_route(context)};
}

}  // namespace checkerlab::coordinator
