// Deterministic damage to the bytes of a file, for tests of readers that must survive anything.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace checkerlab::model {

// One to four changes: flipped bits, extreme bytes, cut ends, removed, repeated and moved pieces.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}
  std::string mutate(std::string bytes);

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  void change(std::string& bytes);

  std::mt19937_64 random_;
};

}  // namespace checkerlab::model
