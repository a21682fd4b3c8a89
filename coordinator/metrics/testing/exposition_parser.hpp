// A strict reader of the Prometheus text format for tests: what `promtool check metrics` would complain about, and what
// the server would refuse.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace checkerlab::coordinator::testing {

struct ParsedFamily {
  std::string type;
  std::string help;
  // Name with labels as written → value.
  std::map<std::string, double> samples;
};

struct ParsedMetrics {
  std::map<std::string, ParsedFamily> families;
  std::vector<std::string> complaints;

  // Every name that a query may use: of histograms those of their parts.
  std::set<std::string> queryable() const;
  // Of the sample with exactly this name and these labels; fails the test when there is none.
  double value(const std::string& sample) const;
};

ParsedMetrics parse_metrics(const std::string& text);

}  // namespace checkerlab::coordinator::testing
