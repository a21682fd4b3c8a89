#include "base/plot/svg.hpp"

#include <cmath>

#include "base/text/number.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::plot {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
  return attribute(name, coordinate(value));
}

}  // namespace

std::string escaped(std::string_view content) {
  std::string result;
  for (const char c : printable(content)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string coordinate(double value) {
  std::string digits = fixed(value, 2);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string line(std::string_view css_class, double x1, double y1, double x2, double y2) {
  return "<line" + attribute("class", css_class) + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) +
         attribute("y2", y2) + "/>";
}

std::string text(std::string_view css_class, double x, double y, std::string_view anchor, std::string_view content) {
  return "<text" + attribute("class", css_class) + attribute("x", x) + attribute("y", y) +
         attribute("text-anchor", anchor) + ">" + escaped(content) + "</text>";
}

}  // namespace checkerlab::plot
