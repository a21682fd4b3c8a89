// The seeded choices of the chaos tests, and how long they last.
#pragma once

#include <cstdlib>
#include <random>

namespace checkerlab::chaos {

// How many rounds of trouble.
inline int rounds() {
  const char* wanted = std::getenv("CHECKERLAB_CHAOS_ROUNDS");
  return wanted == nullptr ? 8 : std::atoi(wanted);
}

class Trouble {
 public:
  explicit Trouble(unsigned seed) : random_(seed) {}
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

 private:
  std::mt19937 random_;
};

}  // namespace checkerlab::chaos
