// Names with numbers in them. Internal to trace/. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace checkerlab::model {

// The numbers of a name.
struct NameArguments {
  double guidance = 0;     // {G}, a decimal number
  std::int64_t start = 0;  // {N}, first step with guidance
  std::int64_t steps = 0;  // {P}, steps per scale
  std::int64_t side = 0;   // {S}, tokens along a side
  std::int64_t layer = 0;  // {I}
};

// Matches "greedy.cfg{G}start{N}.P{P}.tokens.{S}" and the like: a letter in braces stands for a number without
// superfluous zeros in front. Nothing when the name does not fit.
std::optional<NameArguments> match_name(std::string_view pattern, std::string_view name);

// The pattern with one of its numbers put in, "logits.{P}" and ('P', 4) → "logits.4".
std::string fill_name(std::string_view pattern, char letter, std::int64_t number);

}  // namespace checkerlab::model
