// What happened in a run, line by line, and its hash: equal runs have equal hashes. For one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::simulation {

class Trace {
 public:
  explicit Trace(bool keeps_lines) : keeps_lines_(keeps_lines) {}

  void note(std::string_view line) {
    constexpr std::uint64_t kPrime = 0x100000001B3ULL;  // FNV-1a
    for (const char letter : line)
      hash_ = (hash_ ^ static_cast<unsigned char>(letter)) * kPrime;
    hash_ = (hash_ ^ '\n') * kPrime;
    if (keeps_lines_) lines_.emplace_back(line);
  }
  std::uint64_t hash() const { return hash_; }
  std::vector<std::string> take_lines() { return std::move(lines_); }

 private:
  bool keeps_lines_;
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
  std::vector<std::string> lines_;
};

}  // namespace checkerlab::simulation
