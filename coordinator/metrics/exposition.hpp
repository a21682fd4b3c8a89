// The Prometheus text format, version 0.0.4: writes metrics so that every value and label arrives as it is. A plain
// value; not thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coordinator/metrics/histogram.hpp"

namespace checkerlab::coordinator {

class Exposition {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; the samples that follow belong to it. `type`: "counter" (named …_total), "gauge" or "histogram".
  void family(std::string_view name, std::string_view type, std::string_view help);

  void sample(double value, const Labels& labels = {});
  template <std::integral Value>
  void sample(Value value, const Labels& labels = {}) {
    line("", labels, std::to_string(value));
  }
  // Buckets, sum and count.
  void sample(const Histogram& histogram, const Labels& labels = {});

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, const Labels& labels, std::string_view value);

  std::string name_;
  std::string text_;
};

}  // namespace checkerlab::coordinator
