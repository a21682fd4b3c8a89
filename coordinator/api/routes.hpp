// Every endpoint. One function = one endpoint = one file of its name (version.cpp holds version_route). The context
// must outlive the routes.
#pragma once

#include <vector>

#include "coordinator/api/context.hpp"
#include "coordinator/http/route.hpp"

namespace checkerlab::coordinator {

Route health_route();
Route ready_route(const ApiContext& context);
Route openapi_route();
Route metrics_route(const ApiContext& context);
Route sign_in_route(const ApiContext& context);
Route sign_in_links_route(const ApiContext& context);
Route version_route(const ApiContext& context);
Route list_tokens_route(const ApiContext& context);
Route add_token_route(const ApiContext& context);
Route revoke_token_route(const ApiContext& context);
Route list_audit_route(const ApiContext& context);

Route submit_study_route(const ApiContext& context);
Route submit_noop_study_route(const ApiContext& context);
Route list_studies_route(const ApiContext& context);
Route get_study_route(const ApiContext& context);
Route cancel_study_route(const ApiContext& context);
Route diff_study_route(const ApiContext& context);
Route compare_study_route(const ApiContext& context);
Route extend_study_route(const ApiContext& context);
Route rerun_study_route(const ApiContext& context);
Route pause_study_route(const ApiContext& context);
Route resume_study_route(const ApiContext& context);
Route archive_study_route(const ApiContext& context);
Route unarchive_study_route(const ApiContext& context);
Route study_revisions_route(const ApiContext& context);
Route study_code_route(const ApiContext& context);
Route order_study_route(const ApiContext& context);
Route study_forecast_route(const ApiContext& context);
Route study_points_route(const ApiContext& context);
Route study_figure_route(const ApiContext& context);

Route list_jobs_route(const ApiContext& context);
Route get_job_route(const ApiContext& context);
Route why_job_route(const ApiContext& context);
Route job_logs_route(const ApiContext& context);
Route job_curves_route(const ApiContext& context);
Route job_timeline_route(const ApiContext& context);

Route list_workers_route(const ApiContext& context);
Route drain_worker_route(const ApiContext& context);
Route cordon_worker_route(const ApiContext& context);
Route uncordon_worker_route(const ApiContext& context);
Route worker_session_route(const ApiContext& context);

Route query_route(const ApiContext& context);
Route export_table_route(const ApiContext& context);
Route snapshot_route(const ApiContext& context);
Route events_route(const ApiContext& context);
Route get_artifact_route(const ApiContext& context);
Route put_artifact_route(const ApiContext& context);
Route web_page_route(const ApiContext& context);

std::vector<Route> all_routes(const ApiContext& context);

}  // namespace checkerlab::coordinator
