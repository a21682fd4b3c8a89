#include "sweeps/search/curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/text/number.hpp"
#include "sweeps/search/grid.hpp"

namespace checkerlab::sweeps {
namespace {

constexpr double kStandardErrors = 3;

std::string percent(double share) {
  return compact(share * 100, 3) + " %";
}

// Jackknife of the differences block by block.
double paired_error(const std::vector<double>& a, const std::vector<double>& b) {
  const auto count = static_cast<double>(a.size());
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    mean += (a[i] - b[i]) / count;
  for (std::size_t i = 0; i < a.size(); ++i)
    squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
  return std::sqrt(squares * (count - 1) / count);
}

class CurveSearch {
 public:
  CurveSearch(std::span<const GuidanceValue> values, double within)
      : values_(values), within_(within), verdicts_(values.size()) {}

  std::vector<GuidanceVerdict> run() {
    for (const std::size_t place : first_places(values_.size()))
      verdicts_[place].screen = true;
    screened_ = screen();
    finished_ = screened_ && measure();
    for (std::size_t i = 0; i < values_.size(); ++i)
      decide(i);
    return std::move(verdicts_);
  }

 private:
  using Place = std::ptrdiff_t;
  using Outcome = std::optional<ScoreOutcome> GuidanceValue::*;
  using Wanted = bool GuidanceVerdict::*;

  GuidanceVerdict& verdict(Place i) { return verdicts_[static_cast<std::size_t>(i)]; }
  const GuidanceValue& value(Place i) const { return values_[static_cast<std::size_t>(i)]; }
  Place size() const { return static_cast<Place>(values_.size()); }

  // The wanted places with a number, ascending; nothing while one of the wanted is not known.
  std::optional<std::vector<Place>> round(Wanted wanted, Outcome outcome) const {
    std::vector<Place> known;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!(verdicts_[i].*wanted)) continue;
      const auto& result = values_[i].*outcome;
      if (!result) return std::nullopt;
      if (!result->failed) known.push_back(static_cast<Place>(i));
    }
    return known;
  }

  Place least(const std::vector<Place>& places, Outcome outcome) const {
    return *std::ranges::min_element(places, {}, [&](Place i) { return (value(i).*outcome)->fid; });
  }

  // ---- rules 1 and 2 ----

  // True when nothing more is to be screened.
  bool screen() {
    while (true) {
      const auto known = round(&GuidanceVerdict::screen, &GuidanceValue::screen);
      if (!known) return false;
      if (known->empty()) return true;  // every screen failed
      screen_best_ = least(*known, &GuidanceValue::screen);
      if (!fill_gaps(*known)) break;
    }
    for (std::size_t i = 0; i < values_.size(); ++i)
      verdicts_[i].full = verdicts_[i].screen && !values_[i].screen->failed && survives(static_cast<Place>(i));
    return true;
  }

  bool fill_gaps(const std::vector<Place>& known) {
    std::vector<Place> middles;
    for (std::size_t i = 0; i <= known.size(); ++i) {
      const bool promising = (i > 0 && is_promising(known, i - 1)) || (i < known.size() && is_promising(known, i));
      if (!promising) continue;
      const Place left = i > 0 ? known[i - 1] : -1, right = i < known.size() ? known[i] : size();
      if (const auto middle = middle_of(left, right)) middles.push_back(*middle);
    }
    for (const Place middle : middles)
      verdict(middle).screen = true;
    return !middles.empty();
  }

  // Of the values between them that were not tried, the one nearest to the middle.
  std::optional<Place> middle_of(Place left, Place right) {
    std::optional<Place> found;
    for (Place i = left + 1; i < right; ++i) {
      const auto distance = [&](Place place) { return std::abs(2 * place - left - right); };
      if (!verdict(i).screen && (!found || distance(i) < distance(*found))) found = i;
    }
    return found;
  }

  bool is_promising(const std::vector<Place>& known, std::size_t i) const {
    const auto fid = [&](std::size_t at) { return value(known[at]).screen->fid; };
    const bool left = i == 0 || fid(i) <= fid(i - 1);
    const bool right = i + 1 == known.size() || fid(i) <= fid(i + 1);
    return (left && right) || survives(known[i]);
  }

  bool survives(Place i) const {
    const ScoreOutcome &mine = *value(i).screen, &best = *value(screen_best_).screen;
    const auto error = difference_error(mine, best);
    return !error || mine.fid - best.fid - kStandardErrors * *error <= within_ * best.fid;
  }

  // ---- rule 3 ----

  bool measure() {
    while (true) {
      const auto known = round(&GuidanceVerdict::full, &GuidanceValue::full);
      if (!known) return false;
      if (known->empty()) return true;
      best_ = least(*known, &GuidanceValue::full);
      bool grown = false;
      for (const Place i : *known) {
        if (!is_within(i)) continue;
        for (const Place neighbour : {i - 1, i + 1}) {
          if (neighbour < 0 || neighbour >= size() || verdict(neighbour).full || screen_failed(neighbour)) continue;
          verdict(neighbour).full = grown = true;
        }
      }
      if (!grown) return true;
    }
  }

  // Its images would be the first of the full measurement.
  bool screen_failed(Place i) const { return value(i).screen && value(i).screen->failed && is_wanted_screen(i); }
  bool is_wanted_screen(Place i) const { return verdicts_[static_cast<std::size_t>(i)].screen; }

  bool is_within(Place i) const { return value(i).full->fid <= (1 + within_) * value(best_).full->fid; }

  // ---- the record ----

  void decide(std::size_t index) {
    const auto i = static_cast<Place>(index);
    GuidanceVerdict& verdict = verdicts_[index];
    if (verdict.full) {
      decide_full(i, verdict);
    } else if (screen_failed(i)) {
      verdict.decision = GuidanceDecision::failed;
      verdict.reason = "its screen failed";
    } else if (!screened_) {
      verdict.reason = verdict.screen && !values_[index].screen ? "being screened" : "waits for the screens of others";
    } else if (verdict.screen) {
      verdict.decision = GuidanceDecision::screened_out;
      verdict.reason = screened_out_reason(i);
    } else {
      verdict.decision = GuidanceDecision::skipped;
      verdict.reason = skipped_reason(i);
    }
  }

  void decide_full(Place i, GuidanceVerdict& verdict) {
    const auto& mine = value(i).full;
    if (mine && mine->failed) {
      verdict.decision = GuidanceDecision::failed;
      verdict.reason = "its measurement failed";
    } else if (!finished_) {
      verdict.reason = mine ? "measured; waits for others" : "being measured with all images";
    } else if (i == best_) {
      verdict.decision = GuidanceDecision::minimum;
      verdict.reason = minimum_reason(i);
    } else {
      const double excess = mine->fid / value(best_).full->fid - 1;
      verdict.decision = is_within(i) ? GuidanceDecision::within : GuidanceDecision::above;
      verdict.reason = "FID " + percent(excess) + " above the least" +
                       (was_screened(i) && survives(i) ? "" : "; measured as a neighbour");
    }
  }

  std::string minimum_reason(Place i) const {
    if (i == 0 || i + 1 == size()) return "least FID, at an end of the range";
    const auto measured = [&](Place j) { return value(j).full && !value(j).full->failed; };
    return measured(i - 1) && measured(i + 1) ? "least FID, bracketed by both neighbours"
                                              : "least FID; a neighbour failed";
  }

  std::string screened_out_reason(Place i) const {
    const ScoreOutcome &mine = *value(i).screen, &best = *value(screen_best_).screen;
    return "screened FID " + compact(mine.fid) + " is " + compact(mine.fid - best.fid, 3) + " above " +
           compact(best.fid) + " at guidance " + compact(value(screen_best_).guidance) + ": more than " +
           percent(within_) + " and " + compact(kStandardErrors) + " standard errors of " +
           compact(difference_error(mine, best).value_or(0), 2);
  }

  std::string skipped_reason(Place i) const {
    std::string text;
    for (Place left = i - 1; left >= 0 && text.empty(); --left) {
      if (was_screened(left)) text = compact(value(left).guidance);
    }
    for (Place right = i + 1; right < size(); ++right) {
      if (!was_screened(right)) continue;
      text += (text.empty() ? "" : " and ") + compact(value(right).guidance);
      break;
    }
    return text.empty() ? "every screen failed" : "beside guidance " + text + ", screened and not promising";
  }
  bool was_screened(Place i) const { return is_wanted_screen(i) && value(i).screen && !value(i).screen->failed; }

  std::span<const GuidanceValue> values_;
  double within_;
  std::vector<GuidanceVerdict> verdicts_;
  Place screen_best_ = 0;
  Place best_ = 0;
  bool screened_ = false;
  bool finished_ = false;
};

}  // namespace

std::string_view to_string(GuidanceDecision decision) {
  constexpr std::array<std::string_view, 7> kNames{"open",   "skipped", "screened_out", "above",
                                                   "within", "minimum", "failed"};
  return kNames.at(static_cast<std::size_t>(decision));
}

std::optional<double> difference_error(const ScoreOutcome& a, const ScoreOutcome& b) {
  if (a.without.size() > 1 && a.without.size() == b.without.size()) return paired_error(a.without, b.without);
  if (!a.uncertainty || !b.uncertainty) return std::nullopt;
  return std::hypot(*a.uncertainty, *b.uncertainty);
}

std::vector<GuidanceVerdict> judge_curve(std::span<const GuidanceValue> values, double within) {
  return CurveSearch(values, within).run();
}

}  // namespace checkerlab::sweeps
