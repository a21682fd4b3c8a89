// Numbers of claims in words. Pure and thread-safe.
#pragma once

#include <string>

#include "cli/reproduce/claims/significance.hpp"

namespace checkerlab::cli::reproduce {

// "6.39 ± 0.08"
std::string in_words(const Estimate& estimate);

// "+0.35 ± 0.12 (2.9 standard errors)"
std::string difference_in_words(const Estimate& difference);

// "ratio √2", "single scale"
std::string ratio_in_words(const std::string& ratio);

}  // namespace checkerlab::cli::reproduce
