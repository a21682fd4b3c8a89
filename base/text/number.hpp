#pragma once
// Numbers as people read them. Pure and thread-safe; independent of the locale.
#include <optional>
#include <string>

namespace checkerlab {

/// "12.3 ± 0.4": the uncertainty with one significant digit (two when it starts with 1), the value with as many
/// decimals. Without an uncertainty, or with one that is zero or not finite, the value alone with four significant
/// digits.
std::string with_uncertainty(double value, std::optional<double> uncertainty);

/// `value` with `decimals` decimals.
std::string fixed(double value, int decimals);

/// Shortest text that reads well: at most `digits` significant digits, no trailing zeros ("0.5", "1", "1.25e-07").
std::string compact(double value, int digits = 4);

/// 1234567 → "1,234,567".
std::string grouped(long long value);

/// "12 bytes", "3.4 kB", "170 MB", in powers of 1000.
std::string bytes_text(double bytes);

/// "4 s", "2 min 05 s", "1 h 07 min", "3 d 04 h".
std::string duration_text(double seconds);

}  // namespace checkerlab
