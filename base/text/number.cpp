#include "base/text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace checkerlab {
namespace {

constexpr int kMostDecimals = 6;

std::string formatted(double value, std::chars_format format, int precision) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision).ptr;
  return {buffer.data(), end};
}

/// Decimals that show `uncertainty` with one significant digit, or two when its first digit is 1.
int decimals_for(double uncertainty) {
  const auto shown = formatted(uncertainty, std::chars_format::scientific, 0);
  const int exponent = std::stoi(shown.substr(shown.find('e') + 1));
  const int decimals = (shown.front() == '1' ? 1 : 0) - exponent;
  return std::clamp(decimals, 0, kMostDecimals);
}

std::string two_digits(long long value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::string fixed(double value, int decimals) {
  return formatted(value, std::chars_format::fixed, decimals);
}

std::string compact(double value, int digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : (value > 0 ? "inf" : "-inf");
  return formatted(value, std::chars_format::general, digits);
}

std::string with_uncertainty(double value, std::optional<double> uncertainty) {
  if (!std::isfinite(value)) return compact(value);
  if (!uncertainty || !std::isfinite(*uncertainty) || *uncertainty <= 0) return compact(value);
  const int decimals = decimals_for(*uncertainty);
  return fixed(value, decimals) + " ± " + fixed(*uncertainty, decimals);
}

std::string grouped(long long value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (auto i = static_cast<long long>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return (value < 0 ? "-" : "") + digits;
}

std::string bytes_text(double bytes) {
  if (bytes < 1000) return compact(bytes) + (bytes == 1 ? " byte" : " bytes");
  for (const char* unit : {"kB", "MB", "GB"}) {
    bytes /= 1000;
    if (bytes < 999.5) return compact(bytes, 3) + " " + unit;
  }
  return compact(bytes / 1000, 4) + " TB";
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "–";
  const auto total = static_cast<long long>(std::llround(seconds));
  if (total < 60) return std::to_string(total) + " s";
  if (total < 3600) return std::to_string(total / 60) + " min " + two_digits(total % 60) + " s";
  if (total < 86400) return std::to_string(total / 3600) + " h " + two_digits(total % 3600 / 60) + " min";
  return std::to_string(total / 86400) + " d " + two_digits(total % 86400 / 3600) + " h";
}

}  // namespace checkerlab
