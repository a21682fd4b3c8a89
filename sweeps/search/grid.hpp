// The values of a guidance search and which of them are looked at first. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

inline constexpr std::int64_t kFewestSearched = 3;
inline constexpr std::int64_t kMostSearched = 1024;

// from, from + step, … up to `to`, each rounded to six decimals: the same doubles as when written out (0.3, not
// 0.30000000000000004), so that a search and a list name the same jobs. Preconditions: to > from, step > 0.
std::vector<double> search_grid(double from, double to, double step);
std::int64_t search_grid_size(double from, double to, double step);

// Places of the values that are screened first: both ends and every s-th, s the largest power of two with at least
// seven of them (1 for short grids).
std::vector<std::size_t> first_places(std::size_t values);

// Whether scores decide what is measured.
bool is_searching(const StudyDefinition& study);

// The study as a list of the values that are screened first, with the screen's number of images. Precondition:
// is_searching.
StudyDefinition first_screens(const StudyDefinition& study);

}  // namespace checkerlab::sweeps
