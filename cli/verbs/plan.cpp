// `checkerlab plan`: what a study would cost, from its definition alone.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text/number.hpp"
#include "cli/progress/block.hpp"
#include "cli/run/measured_rates.hpp"
#include "cli/run/study_source.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"
#include "cli/verbs/study_options.hpp"
#include "sweeps/estimate.hpp"
#include "sweeps/search/grid.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

constexpr double kHour = 3600;

std::string hours_text(std::optional<double> seconds) {
  if (!seconds) return "not known";
  const double hours = *seconds / kHour;
  return hours >= 100 ? grouped(std::llround(hours)) : hours >= 0.01 || hours == 0 ? compact(hours, 3) : "< 0.01";
}

Json rate_json(const sweeps::Rate& rate) {
  return {{"kind", rate.kind},       {"gflop", rate.gflop}, {"per_second", rate.per_second},
          {"machine", rate.machine}, {"date", rate.date},   {"source", rate.source}};
}

class PlanVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_options(command, study_, overrides_);
    command
        .add_option("--rates", rates_,
                    "Measured speeds to reckon with instead of the coordinator's and the stated ones")
        ->type_name("FILE");
    command.add_option("--gpus", gpus_, "GPUs to share the work among (default: those that are online, else one)")
        ->check(CLI::Range(1, 100'000));
  }

  ExitCode run(Context& context) override {
    const StudySource source = read_study(study_, overrides_);
    const sweeps::Plan plan = sweeps::plan_without_files(source.definition);
    const Fleet fleet = rates_ ? Fleet{} : ask_fleet(context);
    const auto cost = sweeps::estimate(source.definition, plan, rates(fleet));
    const int gpus = gpus_.value_or(std::max(1, fleet.gpus));
    if (context.options.json) {
      print_document(context.console.out, document(source.definition, plan, cost, gpus));
    } else {
      context.console.out << text(source.definition, plan, cost, gpus);
    }
    return ExitCode::success;
  }

 private:
  // A kind that the coordinator measured is reckoned with its speeds alone.
  std::vector<sweeps::Rate> rates(const Fleet& fleet) const {
    if (rates_) return sweeps::parse_rates(SystemFiles().read(*rates_), *rates_);
    std::vector<sweeps::Rate> all = fleet.rates;
    std::set<std::string> measured;
    for (const auto& rate : fleet.rates)
      measured.insert(rate.kind);
    for (const auto& rate : sweeps::stated_rates()) {
      if (!measured.contains(rate.kind)) all.push_back(rate);
    }
    return all;
  }

  static std::string table_of(const sweeps::StudyEstimate& cost) {
    Table table({{"Stage"},
                 {"Jobs", Align::right},
                 {"Images", Align::right},
                 {"GPU-hours", Align::right},
                 {"Disk", Align::right},
                 {"Reckoned with"}});
    for (const auto& stage : cost.stages) {
      std::set<std::string> sources;
      for (const auto& rate : stage.rates)
        sources.insert(rate.machine + ", " + rate.source);
      std::string from = stage.missing;
      for (const auto& source : sources)
        from += (from.empty() ? "" : "; ") + source;
      table.add_row({stage_name(stage.kind), grouped(stage.jobs), grouped(std::llround(stage.images)),
                     hours_text(stage.seconds), bytes_text(stage.bytes), from});
    }
    return table.to_text();
  }

  static std::string text(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                          const sweeps::StudyEstimate& cost, int gpus) {
    const auto summary = sweeps::summarize(plan);
    const std::string most = sweeps::is_searching(study)
                                 ? "This is the whole grid of its search for guidance, which will measure less.\n"
                                 : "";
    return table_of(cost) + "\n" + study.name + ": " + grouped(summary.points) + " points of " +
           grouped(summary.models) + " models, " + grouped(summary.images) + " images to sample, " +
           grouped(summary.jobs) + " jobs.\n" + hours_text(cost.seconds) + " GPU-hours" +
           (cost.complete ? "" : " without what is not known") + "; with " + std::to_string(gpus) +
           (gpus == 1 ? " GPU " : " GPUs ") + "about " + duration_text(cost.wall_seconds(gpus)) + ", never less than " +
           duration_text(cost.longest_seconds) + " (jobs that wait for one another); " + bytes_text(cost.bytes) +
           " of disk.\n" + most +
           "Estimated from the work of each job at the speed of the job most like it; jobs done already are not left "
           "out.\n";
  }

  static Json document(const sweeps::StudyDefinition& study, const sweeps::Plan& plan,
                       const sweeps::StudyEstimate& cost, int gpus) {
    const auto summary = sweeps::summarize(plan);
    Json stages = Json::array();
    for (const auto& stage : cost.stages) {
      Json used = Json::array();
      for (const auto& rate : stage.rates)
        used.push_back(rate_json(rate));
      stages.push_back({{"kind", stage.kind},
                        {"jobs", stage.jobs},
                        {"images", stage.images},
                        {"gpu_hours", stage.seconds ? Json(*stage.seconds / kHour) : Json()},
                        {"bytes", stage.bytes},
                        {"rates", used},
                        {"missing", stage.missing}});
    }
    return {{"name", study.name},
            {"points", summary.points},
            {"models", summary.models},
            {"jobs", summary.jobs},
            {"images", summary.images},
            {"stages", stages},
            {"gpu_hours", cost.seconds / kHour},
            {"complete", cost.complete},
            {"gpus", gpus},
            {"wall_hours", cost.wall_seconds(gpus) / kHour},
            {"longest_chain_hours", cost.longest_seconds / kHour},
            {"bytes", cost.bytes}};
  }

  std::string study_;
  std::vector<std::string> overrides_;
  std::optional<std::string> rates_;
  std::optional<int> gpus_;
};

}  // namespace

std::unique_ptr<Verb> make_plan_verb() {
  return std::make_unique<PlanVerb>();
}

}  // namespace checkerlab::cli
