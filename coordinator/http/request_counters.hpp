// How many requests each route answered, by status, and how long they took. Confined to the server's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "coordinator/metrics/histogram.hpp"

namespace checkerlab::coordinator {

class RequestCounters {
 public:
  // `seconds`: from the request's head until its answer was written; of a stream, its whole life.
  void count(const std::string& route, unsigned status, double seconds) {
    ++counts_[{route, status}];
    durations_.try_emplace(route, kShortTimes).first->second.observe(seconds);
  }
  const std::map<std::pair<std::string, unsigned>, std::uint64_t>& counts() const { return counts_; }
  const std::map<std::string, Histogram>& durations() const { return durations_; }

 private:
  std::map<std::pair<std::string, unsigned>, std::uint64_t> counts_;
  std::map<std::string, Histogram> durations_;
};

}  // namespace checkerlab::coordinator
