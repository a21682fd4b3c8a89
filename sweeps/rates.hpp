// Measured speeds of jobs, to estimate others by. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::sweeps {

// `per_second` units of `gflop` each (work.hpp) were done by one worker.
struct Rate {
  std::string kind;
  double gflop = 0;
  double per_second = 0;
  std::string machine;
  std::string date;    // of the measurement
  std::string source;  // for people: where it stands, or "measured here"

  bool operator==(const Rate&) const = default;
};

// A list under `rates` in YAML. Throws Error(invalid_argument) that names the entry and key.
std::vector<Rate> parse_rates(std::string_view yaml, const std::string& filename);

// Those of sweeps/rates.yaml, compiled in.
const std::vector<Rate>& stated_rates();

// The rate of the job most alike: of this kind, or of a kind that does the same work, with work per unit nearest to
// `gflop` by ratio; the first of equals. Nothing when there is none.
std::optional<Rate> nearest_rate(std::span<const Rate> rates, const std::string& kind, double gflop);

// Seconds for `units` of `gflop` each at `rate`: in proportion to the work.
double seconds_at(const Rate& rate, double units, double gflop);

}  // namespace checkerlab::sweeps
