// Reads the few Python literals that .npy headers are made of. Internal to numpy/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::model {

// Goes through a text from left to right; blanks between literals do not count.
class PythonLiteral {
 public:
  // `refuse` is told what is wrong and must throw. The text must outlive the object.
  PythonLiteral(std::string_view text, std::function<void(const std::string&)> refuse)
      : text_(text), refuse_(std::move(refuse)) {}

  bool accept(char letter);  // steps over it where it comes next
  void expect(char letter);
  std::string text();  // in single or double quotes, without escapes
  bool truth();        // True or False
  // Numbers from 0 to 2^63-1, at most so many.
  std::vector<std::int64_t> tuple(std::size_t most);
  void expect_end();

 private:
  void skip_blanks();
  [[noreturn]] void refuse(const std::string& expected);
  bool accept_word(std::string_view word);
  std::int64_t number();

  std::string_view text_;
  std::size_t at_ = 0;
  std::function<void(const std::string&)> refuse_;
};

}  // namespace checkerlab::model
