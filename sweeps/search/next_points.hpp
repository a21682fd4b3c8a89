// What a study that searches for guidance measures next: a pure function of its definition and of the scores known so
// far, so that a restart changes nothing and asking twice gives the same answer. It tells everything that is wanted by
// now, not what is new: whoever asks takes away what is there.
//
// Of each curve (curve.hpp) the screens and the full measurements are ordinary score jobs over ordinary shards. The
// screen's images are a whole number of shards, so its shards are the first shards of the full measurement, which
// reuses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/plan.hpp"
#include "sweeps/search/curve.hpp"

namespace checkerlab::sweeps {

// All that planning needs.
struct SearchSubject {
  StudyDefinition study;
  std::optional<DatasetContent> content;
  std::vector<GivenFile> files;
};

// One ratio, number of steps and seed, by their places in the definition. Numbers of steps that make the same blocks as
// an earlier one are left out. Several models of one ratio are several curves of one such place.
struct CurvePlace {
  std::size_t ratio = 0;
  std::size_t steps = 0;
  std::size_t seed = 0;

  auto operator<=>(const CurvePlace&) const = default;
};
std::vector<CurvePlace> curve_places(const StudyDefinition& study);

// Nothing where the score is not known.
using Scores = std::function<std::optional<ScoreOutcome>(const JobKey&)>;

// One value of the grid of one curve. `point` is the measurement with all images, wanted or not.
struct GuidanceRecord {
  std::int64_t position = 0;  // in the study, over all curves
  Point point;
  JobKey screen_key;
  std::int64_t screen_samples = 0;
  GuidanceVerdict verdict;
};

struct SearchStep {
  std::vector<Job> jobs;                // of all that is wanted, with the jobs that they need; inputs first
  std::vector<GuidanceRecord> records;  // all values, in the order of the study
};

// Precondition: is_searching(subject.study). Throws what plan_study throws.
SearchStep next_points(const SearchSubject& subject, const CurvePlace& place, const Scores& scores);

}  // namespace checkerlab::sweeps
