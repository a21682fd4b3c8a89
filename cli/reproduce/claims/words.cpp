#include "cli/reproduce/claims/words.hpp"

#include <cmath>

#include "base/text/number.hpp"
#include "cli/figure/from_api.hpp"

namespace checkerlab::cli::reproduce {

std::string in_words(const Estimate& estimate) {
  return with_uncertainty(estimate.value, estimate.standard_error);
}

std::string difference_in_words(const Estimate& difference) {
  const std::string text = (difference.value > 0 ? "+" : "") + in_words(difference);
  if (!(difference.standard_error > 0)) return text;
  return text + " (" + fixed(std::abs(difference.value) / difference.standard_error, 1) + " standard errors)";
}

std::string ratio_in_words(const std::string& ratio) {
  return ratio == "single" ? "single scale" : "ratio " + figure::ratio_label(ratio);
}

}  // namespace checkerlab::cli::reproduce
