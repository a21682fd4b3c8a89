#include "libmodel/numpy/python_literal.hpp"

#include <charconv>
#include <cstdlib>

namespace checkerlab::model {

void PythonLiteral::refuse(const std::string& expected) {
  refuse_("has no " + expected + " at its character " + std::to_string(at_));
  std::abort();  // refuse_ throws
}

void PythonLiteral::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n'))
    ++at_;
}

bool PythonLiteral::accept(char letter) {
  skip_blanks();
  if (at_ >= text_.size() || text_[at_] != letter) return false;
  ++at_;
  return true;
}

void PythonLiteral::expect(char letter) {
  if (!accept(letter)) refuse(std::string("'") + letter + "'");
}

std::string PythonLiteral::text() {
  skip_blanks();
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '\'' && quote != '"') refuse("text in quotes");
  const auto end = text_.find_first_of(std::string{quote, '\\', '\n'}, at_ + 1);
  if (end == std::string_view::npos || text_[end] != quote) refuse("plain text in quotes");
  const std::string found(text_.substr(at_ + 1, end - at_ - 1));
  at_ = end + 1;
  return found;
}

bool PythonLiteral::accept_word(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool PythonLiteral::truth() {
  skip_blanks();
  if (accept_word("True")) return true;
  if (!accept_word("False")) refuse("True or False");
  return false;
}

std::int64_t PythonLiteral::number() {
  skip_blanks();
  std::int64_t value = 0;
  const auto rest = text_.substr(at_);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || value < 0) refuse("number of 63 bits");
  at_ += static_cast<std::size_t>(end - rest.data());
  return value;
}

std::vector<std::int64_t> PythonLiteral::tuple(std::size_t most) {
  std::vector<std::int64_t> numbers;
  expect('(');
  while (!accept(')')) {
    if (numbers.size() == most) refuse("end of a shape of at most " + std::to_string(most) + " numbers");
    numbers.push_back(number());
    if (accept(')')) return numbers;
    expect(',');
  }
  return numbers;
}

void PythonLiteral::expect_end() {
  skip_blanks();
  if (at_ != text_.size()) refuse("end");
}

}  // namespace checkerlab::model
