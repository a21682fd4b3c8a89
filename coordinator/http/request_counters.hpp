// How many requests each route answered, by status. Confined to the server's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace checkerlab::coordinator {

class RequestCounters {
 public:
  void count(const std::string& route, unsigned status) { ++counts_[{route, status}]; }
  const std::map<std::pair<std::string, unsigned>, std::uint64_t>& counts() const { return counts_; }

 private:
  std::map<std::pair<std::string, unsigned>, std::uint64_t> counts_;
};

}  // namespace checkerlab::coordinator
