// One curve of a guidance search: FID over the guidance values of one model, one number of steps and one seed. From
// what is known of them it tells which values to measure next, and why others are not measured. Pure and deterministic:
// the order in which scores arrived changes nothing, since it goes in rounds and replays all of them every time.
//
// Two numbers of images. A screen uses the first images of the full measurement: the same seeds and labels at every
// guidance value. FID from few images is biased upwards, by nearly as much at one guidance value as at another (Chong
// and Forsyth 2020, arXiv 1911.07023), and samples that share their random numbers err together (common random numbers:
// Glasserman and Yao 1992). So the differences between values, which alone decide here, are known far better than the
// values; screened numbers never stand among results.
//
// 1. Bracket. Screened first: both ends and every s-th value (grid.hpp). Between two neighbouring screened values the
//    middle one is screened too when one of the two is promising: it survives (2), or is no worse than both its
//    screened neighbours. Repeated until no gap is left beside a promising value. Where FID falls and then rises
//    (quasi-convex), nothing between two values that are ruled out can survive.
// 2. Survive. Against the least screened value b, value k is ruled out when
//      FID(k) − FID(b) − 3·u > within · FID(b),
//    u the standard error of the difference: by the jackknife of the differences where both scores tell their
//    leave-one-block-out values (paired blocks: the same images' indices), else √(u(k)² + u(b)²), which is too large
//    rather than too small where errors go together. Screening against the best with an allowance for noise is the
//    subset selection of Gupta 1965 and Nelson, Swann, Goldsman and Song 2001; 3 is one-sided 0.7 % for ten blocks (t
//    with nine degrees of freedom). A score without uncertainty is never ruled out.
// 3. Full. All survivors are measured with all images, and then the neighbours of every value whose FID is at most
//    `within` above the least, screened or not, until that set is closed: the minimum has both neighbours measured (or
//    is an end of the range), whatever the screens said.
// A failed value is left out; its neighbours take its place in a bracket. A value whose screen failed is not measured.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::sweeps {

// What came of a score job.
struct ScoreOutcome {
  bool failed = false;
  double fid = 0;
  std::optional<double> uncertainty;  // standard error
  std::vector<double> without = {};   // FID without block b; empty where it is not told
};

// One value of the grid; nothing where its score is not known.
struct GuidanceValue {
  double guidance = 0;
  std::optional<ScoreOutcome> screen = std::nullopt;
  std::optional<ScoreOutcome> full = std::nullopt;
};

enum class GuidanceDecision {
  open,          // not decided yet
  skipped,       // not even screened: both neighbours that are screened were ruled out
  screened_out,  // by rule 2
  above,         // measured; more than `within` above the least
  within,        // measured; at most `within` above the least
  minimum,       // the least (of equals the smallest guidance)
  failed
};
std::string_view to_string(GuidanceDecision decision);

struct GuidanceVerdict {
  bool screen = false;  // wanted with few images
  bool full = false;    // wanted with all
  GuidanceDecision decision = GuidanceDecision::open;
  std::string reason;  // for people
};

// One verdict for each value, in order; `values` ascend. What is wanted only grows while outcomes are added.
std::vector<GuidanceVerdict> judge_curve(std::span<const GuidanceValue> values, double within);

// Standard error of a.fid − b.fid as in rule 2; nothing when it cannot be told.
std::optional<double> difference_error(const ScoreOutcome& a, const ScoreOutcome& b);

}  // namespace checkerlab::sweeps
