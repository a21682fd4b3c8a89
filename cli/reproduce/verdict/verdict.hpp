// How a measured number stands to a printed one. Pure and thread-safe.
//
// The rule. Without a measurement: not run. With any condition that differs (data set, network, reference, N, model,
// …): not comparable, and which. Else, with d = ours − printed and σ² = ours² + assumed² + rounding²: agrees when |d| ≤
// 2 σ, differs when not, by d and by |d|/σ standard errors.
//
// Printed numbers come without uncertainty. What is assumed of one:
//   FID, IS        0.46 % for the same weights (evaluations that differ by less than 1.3 % are taken for noise: that is
//   two
//                  standard deviations of the difference of two runs); 1.95 % when the model was trained anew, for the
//                  difference of two trainings, which move FID about three times as much as two runs do
//   precision      √(p(1−p)/N) of N samples, and 0.003 since the original computes distances in half precision, which
//   recall         raises both by 0.001 to 0.004; recall with N = 10,000, the images of the reference. 0.01 more when
//   the
//                  model was trained anew
//   times          5 %
//   counts         nothing: they agree when they are printed alike
//   rounding       half a unit of the last printed decimal, uniformly: 10^−decimals/√12
// An uncertainty of ours that is missing counts as none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::cli::reproduce {

enum class VerdictKind { agrees, differs, not_comparable, not_run };

// "agrees", "differs", "not comparable", "not run".
const char* to_string(VerdictKind kind);

struct Printed {
  std::string metric;  // as in sweeps::PublishedColumn
  double value = 0;
  int decimals = 0;
  long long samples = 0;  // N of the printed value
};

struct Ours {
  double value = 0;
  std::optional<double> uncertainty;  // one standard error
  bool trained_anew = true;           // not the weights that the printed number was measured on
};

struct Verdict {
  VerdictKind kind = VerdictKind::not_run;
  double difference = 0;             // ours − printed; of agrees and differs
  double standard_error = 0;         // σ above; 0 for counts
  std::vector<std::string> reasons;  // not_comparable: what differs; not_run: what is missing, and what to run
};

// `differing`: what keeps the numbers from being compared. Without `ours`: not run, for the reasons `missing`.
Verdict judge(const Printed& printed, const std::optional<Ours>& ours, std::vector<std::string> differing,
              std::vector<std::string> missing);

// The part of σ that is not ours.
double assumed_standard_error(const Printed& printed, bool trained_anew);

// "agrees (+0.02, 0.4 σ)", "differs by +0.31 (4.1 σ)", "not comparable: N = 500 instead of 50,000", "not run: …".
std::string in_words(const Verdict& verdict, int decimals);

}  // namespace checkerlab::cli::reproduce
