// For tests of readers: changes of good input, the same ones in every run. A reader must take what comes out or refuse
// it with an Error, and nothing else may happen.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace checkerlab {

class Mutations {
 public:
  explicit Mutations(std::vector<std::string> corpus, std::uint64_t seed = 1)
      : corpus_(std::move(corpus)), state_(seed) {}

  // The next input: one of the corpus with one to six changes.
  std::string next() {
    std::string text = pick(corpus_);
    for (auto changes = 1 + below(6); changes > 0; --changes)
      change(text);
    return text;
  }

 private:
  // SplitMix64.
  std::uint64_t random() {
    state_ += 0x9e3779b97f4a7c15;
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t end) { return end == 0 ? 0 : random() % end; }
  const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

  void change(std::string& text) {
    static const std::vector<std::string> kWords{"0",
                                                 "-1",
                                                 "18446744073709551616",
                                                 "1e999",
                                                 "nan",
                                                 "\"",
                                                 "\\",
                                                 "\\u0000",
                                                 "\\ud800",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 "null",
                                                 "true",
                                                 "%",
                                                 "%00",
                                                 "%ff",
                                                 "\r\n",
                                                 "\xff",
                                                 "\xc3",
                                                 "\t",
                                                 "&a ",
                                                 "*a",
                                                 "- ",
                                                 "? ",
                                                 "!!binary ",
                                                 "<<: *a",
                                                 "../",
                                                 "../../",
                                                 ";",
                                                 "=",
                                                 ".",
                                                 "Range: ",
                                                 "bytes=-",
                                                 std::string(300, 'A'),
                                                 std::string(3, '\0')};
    const auto at = below(text.size() + 1);
    const auto length = below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (below(7)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 3:
        text.insert(at, pick(kWords));
        break;
      case 4:
        text.replace(at, length, pick(kWords));
        break;
      case 5: {
        const std::string& other = pick(corpus_);
        text.insert(at, other.substr(below(other.size() + 1), 40));
        break;
      }
      default:
        text.resize(at);
    }
  }

  std::vector<std::string> corpus_;
  std::uint64_t state_;
};

// Gives `count` mutations to `read`. Anything but an Error that it throws fails the test. Gives how many were refused.
template <class Read>
int refused_mutations(Mutations& mutations, int count, Read&& read) {
  int refused = 0;
  for (int i = 0; i < count; ++i) {
    const auto text = mutations.next();
    try {
      read(text);
    } catch (const Error&) {
      ++refused;
    } catch (const std::exception& other) {
      ADD_FAILURE() << "mutation " << i << ": " << other.what() << "\n" << text;
    }
  }
  return refused;
}

}  // namespace checkerlab
