#include "sweeps/search/grid.hpp"

#include <cmath>

namespace checkerlab::sweeps {
namespace {

constexpr double kDecimals = 1e6;
constexpr std::size_t kFirstIntervals = 6;

}  // namespace

std::int64_t search_grid_size(double from, double to, double step) {
  return static_cast<std::int64_t>(std::floor((to - from) / step + 1e-6)) + 1;
}

std::vector<double> search_grid(double from, double to, double step) {
  std::vector<double> values;
  const std::int64_t size = search_grid_size(from, to, step);
  for (std::int64_t i = 0; i < size; ++i)
    values.push_back(std::round((from + static_cast<double>(i) * step) * kDecimals) / kDecimals);
  return values;
}

std::vector<std::size_t> first_places(std::size_t values) {
  std::vector<std::size_t> places;
  if (values == 0) return places;
  const std::size_t last = values - 1;
  std::size_t stride = 1;
  while (stride * 2 * kFirstIntervals <= last)
    stride *= 2;
  for (std::size_t place = 0; place < last; place += stride)
    places.push_back(place);
  places.push_back(last);
  return places;
}

bool is_searching(const StudyDefinition& study) {
  return study.sweep.search && !study.sweep.search->full && study.sweep.has_points();
}

StudyDefinition first_screens(const StudyDefinition& study) {
  StudyDefinition first = study;
  first.evaluation.samples = study.sweep.search.value().screen_samples;
  first.sweep.search.reset();
  first.sweep.guidance.clear();
  for (const std::size_t place : first_places(study.sweep.guidance.size()))
    first.sweep.guidance.push_back(study.sweep.guidance[place]);
  return first;
}

}  // namespace checkerlab::sweeps
