#include "coordinator/http/url.hpp"

#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace checkerlab::coordinator {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "the request's address " + why);
}

template <class Visit>
void split(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    visit(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i] == '+' && plus_is_space ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) refuse("has a % without two hex digits");
    if (high == 0 && low == 0) refuse("has a zero byte");
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_utf8(result)) refuse("is no UTF-8");
  return result;
}

Target parse_target(std::string_view target) {
  if (!target.starts_with('/')) refuse("does not start with /");
  Target result;
  const auto mark = target.find('?');
  split(target.substr(1, mark == std::string_view::npos ? mark : mark - 1), '/', [&](std::string_view part) {
    auto segment = percent_decode(part, false);
    if (segment == "." || segment == ".." || segment.find('/') != std::string::npos)
      refuse("has a segment '" + segment + "'");
    result.segments.push_back(std::move(segment));
  });
  if (mark == std::string_view::npos) return result;
  split(target.substr(mark + 1), '&', [&](std::string_view pair) {
    if (pair.empty()) return;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1), true);
    if (!result.query.emplace(name, std::move(value)).second) refuse("gives '" + name + "' twice");
  });
  return result;
}

}  // namespace checkerlab::coordinator
