#include "cli/run/dry_run.hpp"

#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/figure/from_api.hpp"
#include "cli/progress/block.hpp"
#include "cli/progress/forecast_text.hpp"
#include "cli/tables/table.hpp"
#include "schemas/validate.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/search/next_points.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

std::string joined(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers)
    text += (text.empty() ? "" : " ") + std::to_string(number);
  return text;
}

std::string points_text(const std::vector<sweeps::Point>& points) {
  Table table({{"Ratio"},
               {"Scales"},
               {"Steps/scale", Align::right},
               {"Total steps", Align::right},
               {"Guidance", Align::right},
               {"Seed", Align::right},
               {"N", Align::right}});
  for (const auto& point : points) {
    table.add_row({figure::ratio_label(point.ratio), joined(point.sizes), std::to_string(point.steps_per_scale),
                   std::to_string(point.total_steps), compact(point.guidance), std::to_string(point.seed),
                   grouped(point.samples)});
  }
  return table.to_text();
}

std::string jobs_text(const sweeps::PlanSummary& summary) {
  Table table({{"Jobs"}, {"Count", Align::right}});
  for (const auto& kind : job_kinds()) {
    const auto found = summary.jobs_by_kind.find(kind);
    if (found != summary.jobs_by_kind.end()) table.add_row({stage_name(kind), grouped(found->second)});
  }
  return table.to_text();
}

std::string left_text(const KnownJobs& known) {
  const std::string text = known.forecast.is_null() ? "" : forecast_text(known.forecast);
  return text.empty() ? "" : text + "\n";
}

std::string known_text(const sweeps::PlanSummary& summary, const std::optional<KnownJobs>& known) {
  if (!known) return "What is done already is not known: no coordinator runs and there is no database yet.\n";
  std::string text = grouped(known->done) + " of " + grouped(summary.jobs) + " jobs are done already, " +
                     grouped(summary.jobs - known->done) + " would run.\n";
  for (const Json& study : known->shared_with) {
    text += "  " + grouped(study.at("jobs").get<long long>()) + " of them in the study " +
            study.at("name").get<std::string>() + " (" + study.at("id").get<std::string>() + ")\n";
  }
  return text + left_text(*known);
}

// The whole grid of a study that searches: what it can come to at most.
sweeps::PlanSummary largest(const sweeps::StudyDefinition& study, const sweeps::Plan& plan) {
  sweeps::PlanSummary most;
  const auto curves = sweeps::curve_places(study).size() * plan.sample_grids.size() / study.sweep.ratios.size();
  most.points = static_cast<std::int64_t>(curves * study.sweep.guidance.size());
  most.images = most.points * study.evaluation.samples;
  return most;
}

std::string search_plan_text(const sweeps::StudyDefinition& study, const sweeps::Plan& plan) {
  const auto most = largest(study, plan);
  return "These are the first screens of a search for guidance; scores decide what follows. At most " +
         grouped(most.points) + " points and " + grouped(most.images) + " images, which is the whole grid.\n";
}

Json point_json(const sweeps::Point& point) {
  return {{"score_key", point.score_key.str()},
          {"model_key", point.model_key.str()},
          {"ratio", point.ratio},
          {"ratio_value", point.ratio_value ? Json(*point.ratio_value) : Json()},
          {"sizes", point.sizes},
          {"steps_per_scale", point.steps_per_scale},
          {"total_steps", point.total_steps},
          {"guidance", point.guidance},
          {"guidance_start_step", point.guidance_start_step},
          {"seed", point.seed},
          {"n", point.samples}};
}

std::optional<KnownJobs> ask_what_is_known(Context& context, const StudySource& source) {
  if (!find_coordinator(context) && !has_database(context)) return std::nullopt;
  Session session = connect_to_read(context);
  const Json answer = session.http().post("/api/v1/studies?dry_run=true", source.request());
  return KnownJobs{.done = answer.at("jobs_done").get<long long>(),
                   .unknown = answer.at("jobs_new").get<long long>(),
                   .shared_with = answer.value("shared_with", Json::array()),
                   .forecast = answer.value("forecast", Json())};
}

}  // namespace

std::string dry_run_text(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                         const std::optional<KnownJobs>& known) {
  const auto summary = sweeps::summarize(plan);
  const bool searches = sweeps::is_searching(study);
  return points_text(searches ? plan.screens : plan.points) + "\n" + jobs_text(summary) + "\n" + study.name + ": " +
         grouped(searches ? summary.screens : summary.points) + (searches ? " screens of " : " points of ") +
         grouped(summary.models) + " models, " + grouped(summary.images) + " images to sample, " +
         grouped(summary.jobs) + " jobs.\n" + (searches ? search_plan_text(study, plan) : "") +
         known_text(summary, known);
}

Json dry_run_json(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                  const std::optional<KnownJobs>& known) {
  const auto summary = sweeps::summarize(plan);
  Json points = Json::array();
  for (const auto& point : plan.points)
    points.push_back(point_json(point));
  Json screens = Json::array();
  for (const auto& screen : plan.screens)
    screens.push_back(point_json(screen));
  const auto most = largest(study, plan);
  return {{"name", study.name},
          {"title", study.title},
          {"points", points},
          {"screens", screens},
          {"points_at_most", sweeps::is_searching(study) ? most.points : summary.points},
          {"images_at_most", sweeps::is_searching(study) ? most.images : summary.images},
          {"jobs_by_kind", summary.jobs_by_kind},
          {"jobs_total", summary.jobs},
          {"jobs_new", known ? Json(known->unknown) : Json()},
          {"jobs_done", known ? Json(known->done) : Json()},
          {"shared_with", known ? known->shared_with : Json()},
          {"forecast", known ? known->forecast : Json()}};
}

void print_dry_run(Context& context, const StudySource& source) {
  const sweeps::Plan plan = sweeps::plan_study(source.definition, source.content, source.files);
  const auto known = ask_what_is_known(context, source);
  if (context.options.json) {
    context.console.out << dry_run_json(source.definition, plan, known).dump(2) << "\n";
  } else {
    context.console.out << dry_run_text(source.definition, plan, known);
  }
}

}  // namespace checkerlab::cli
