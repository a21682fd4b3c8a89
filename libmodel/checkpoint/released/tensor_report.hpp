// What is wrong with the tensors of a file, gathered so that one message tells all of it.
#pragma once

#include <c10/util/ArrayRef.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace checkerlab::model {

// "[3, 4]".
std::string shape_text(c10::IntArrayRef shape);

class TensorReport {
 public:
  void missing(const std::string& name, c10::IntArrayRef expected);
  void mis_shaped(const std::string& name, c10::IntArrayRef found, c10::IntArrayRef expected);
  void unknown(const std::string& name, c10::IntArrayRef found);

  bool empty() const { return missing_.empty() && mis_shaped_.empty() && unknown_.empty(); }
  // Throws Error(invalid_data): "WHERE does not fit WHAT: 2 tensors missing: a [3], …; …" when something was reported.
  // Lists at most `most` names of each kind and counts the rest.
  void raise(const std::string& where, const std::string& what, const std::string& fix, std::size_t most = 200) const;

 private:
  std::vector<std::string> missing_, mis_shaped_, unknown_;
};

}  // namespace checkerlab::model
