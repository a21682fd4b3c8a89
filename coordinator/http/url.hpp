// The request target: path, query, percent-decoding. Pure functions; malformed text throws Error(invalid_argument).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::coordinator {

struct Target {
  std::vector<std::string> segments;         // of the path, decoded; "/a/b" has two, "/" none
  std::map<std::string, std::string> query;  // decoded; a name given twice is refused
};

Target parse_target(std::string_view target);
std::string percent_decode(std::string_view text, bool plus_is_space);

}  // namespace checkerlab::coordinator
