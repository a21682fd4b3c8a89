#include "coordinator/api/routes.hpp"

#include "coordinator/api/guards.hpp"

namespace checkerlab::coordinator {
namespace {

std::vector<Route> plain_routes(const ApiContext& context) {
  return {health_route(),
          ready_route(context),
          openapi_route(),
          metrics_route(context),
          sign_in_route(context),
          sign_in_links_route(context),
          version_route(context),
          list_tokens_route(context),
          add_token_route(context),
          revoke_token_route(context),
          list_audit_route(context),
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
          job_timeline_route(context),
          list_workers_route(context),
          drain_worker_route(context),
          cordon_worker_route(context),
          uncordon_worker_route(context),
          worker_session_route(context),
          query_route(context),
          export_table_route(context),
          snapshot_route(context),
          events_route(context),
          get_artifact_route(context),
          put_artifact_route(context),
          web_page_route(context)};
}

}  // namespace

std::vector<Route> all_routes(const ApiContext& context) {
  auto routes = plain_routes(context);
  for (auto& route : routes)
    route = guarded(context, std::move(route));
  return routes;
}

}  // namespace checkerlab::coordinator
