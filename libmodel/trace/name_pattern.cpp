#include "libmodel/trace/name_pattern.hpp"

#include <cctype>
#include <charconv>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

std::size_t digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && std::isdigit(static_cast<unsigned char>(text[count])) != 0) {
    ++count;
  }
  return count;
}

// Length of the number at the front of the text, 0 when there is none. A point belongs to it when a digit follows.
std::size_t number_length(std::string_view text, bool decimal) {
  const std::size_t whole = digits(text);
  if (whole == 0 || (whole > 1 && text[0] == '0')) return 0;
  if (!decimal || whole == text.size() || text[whole] != '.') return whole;
  const std::size_t fraction = digits(text.substr(whole + 1));
  return fraction == 0 ? whole : whole + 1 + fraction;
}

bool store(char letter, std::string_view text, NameArguments& arguments) {
  const auto read = [&](auto& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
  };
  switch (letter) {
    case 'G':
      return read(arguments.guidance);
    case 'N':
      return read(arguments.start);
    case 'P':
      return read(arguments.steps);
    case 'S':
      return read(arguments.side);
    case 'I':
      return read(arguments.layer);
    default:
      throw Error(ErrorCode::internal, "a trace pattern has the unknown letter " + std::string(1, letter));
  }
}

}  // namespace

std::optional<NameArguments> match_name(std::string_view pattern, std::string_view name) {
  NameArguments arguments;
  while (!pattern.empty()) {
    if (pattern.front() != '{') {
      if (name.empty() || name.front() != pattern.front()) return std::nullopt;
      pattern.remove_prefix(1);
      name.remove_prefix(1);
      continue;
    }
    const char letter = pattern[1];
    const std::size_t length = number_length(name, letter == 'G');
    if (length == 0 || !store(letter, name.substr(0, length), arguments)) return std::nullopt;
    pattern.remove_prefix(3);
    name.remove_prefix(length);
  }
  return name.empty() ? std::optional(arguments) : std::nullopt;
}

std::string fill_name(std::string_view pattern, char letter, std::int64_t number) {
  std::string name(pattern);
  const std::string place{'{', letter, '}'};
  const auto at = name.find(place);
  return at == std::string::npos ? name : name.replace(at, place.size(), std::to_string(number));
}

}  // namespace checkerlab::model
