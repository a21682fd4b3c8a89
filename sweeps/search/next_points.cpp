#include "sweeps/search/next_points.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "sweeps/pyramid.hpp"
#include "sweeps/search/grid.hpp"

namespace checkerlab::sweeps {
namespace {

// The study with this place alone, all values of the grid measured with so many images.
StudyDefinition only(const StudyDefinition& study, const CurvePlace& place, std::int64_t samples) {
  StudyDefinition one = study;
  one.sweep.search.reset();
  one.sweep.ratios = {study.sweep.ratios[place.ratio]};
  one.sweep.steps_per_scale = {study.sweep.steps_per_scale[place.steps]};
  one.evaluation.seeds = {study.evaluation.seeds[place.seed]};
  one.evaluation.samples = samples;
  one.latency.reset();
  one.entropy.reset();
  return one;
}

// Points of one model follow one another and are one curve.
std::vector<std::pair<std::size_t, std::size_t>> curves_of(const std::vector<Point>& points) {
  std::vector<std::pair<std::size_t, std::size_t>> curves;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (curves.empty() || points[i].model_key != points[curves.back().first].model_key) curves.emplace_back(i, i);
    curves.back().second = i + 1;
  }
  return curves;
}

// The wanted jobs and, through their inputs, all that they need; in the plan's order.
void add_needed(std::vector<Job> plan, std::set<JobKey> wanted, std::set<JobKey>& known, std::vector<Job>& jobs) {
  std::vector<Job> needed;
  for (auto job = plan.rbegin(); job != plan.rend(); ++job) {
    if (!wanted.contains(job->key)) continue;
    for (const Input& input : job->inputs)
      wanted.insert(input.key);
    needed.push_back(std::move(*job));
  }
  for (auto job = needed.rbegin(); job != needed.rend(); ++job) {
    if (known.insert(job->key).second) jobs.push_back(std::move(*job));
  }
}

}  // namespace

std::vector<CurvePlace> curve_places(const StudyDefinition& study) {
  std::vector<CurvePlace> places;
  for (std::size_t ratio = 0; ratio < study.sweep.ratios.size(); ++ratio) {
    const std::vector<int> sizes = scale_sizes(study.grid(), study.sweep.ratios[ratio]);
    std::set<int> known;
    for (std::size_t steps = 0; steps < study.sweep.steps_per_scale.size(); ++steps) {
      if (!known.insert(canonical_steps(sizes, study.sweep.steps_per_scale[steps])).second) continue;
      for (std::size_t seed = 0; seed < study.evaluation.seeds.size(); ++seed)
        places.push_back({ratio, steps, seed});
    }
  }
  return places;
}

SearchStep next_points(const SearchSubject& subject, const CurvePlace& place, const Scores& scores) {
  const StudyDefinition& study = subject.study;
  const GuidanceSearch& search = study.sweep.search.value();
  Plan screens = plan_study(only(study, place, search.screen_samples), subject.content, subject.files);
  Plan whole = plan_study(only(study, place, study.evaluation.samples), subject.content, subject.files);
  const auto curves = curves_of(whole.points);
  std::set<JobKey> wanted_screens, wanted_whole;
  SearchStep step;
  for (std::size_t curve = 0; curve < curves.size(); ++curve) {
    const auto [begin, end] = curves[curve];
    std::vector<GuidanceValue> values;
    for (std::size_t i = begin; i < end; ++i)
      values.push_back(
          {whole.points[i].guidance, scores(screens.points[i].score_key), scores(whole.points[i].score_key)});
    const auto verdicts = judge_curve(values, search.within);
    // As if every point of the grid were measured, in the order in which a list would have them.
    const std::size_t first = (place.ratio * curves.size() + curve) * study.sweep.steps_per_scale.size() + place.steps;
    for (std::size_t i = begin; i < end; ++i) {
      const GuidanceVerdict& verdict = verdicts[i - begin];
      if (verdict.screen) wanted_screens.insert(screens.points[i].score_key);
      if (verdict.full) wanted_whole.insert(whole.points[i].score_key);
      const std::size_t position = (first * values.size() + i - begin) * study.evaluation.seeds.size() + place.seed;
      step.records.push_back({static_cast<std::int64_t>(position), whole.points[i], screens.points[i].score_key,
                              search.screen_samples, verdict});
    }
  }
  std::set<JobKey> known;
  add_needed(std::move(screens.jobs), std::move(wanted_screens), known, step.jobs);
  add_needed(std::move(whole.jobs), std::move(wanted_whole), known, step.jobs);
  return step;
}

}  // namespace checkerlab::sweeps
