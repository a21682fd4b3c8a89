// Which part of a model a tensor belongs to, by its name. Internal to checkpoint/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/checkpoint/inspect.hpp"

namespace checkerlab::model {

class PartCounter {
 public:
  void add(const std::string& name, std::int64_t numbers);

  std::vector<FilePart> parts() const;  // those that occur, in the order of the model
  // Numbers in parameters that training changes.
  std::int64_t trainable() const;

 private:
  std::vector<FilePart> counts_;  // one a part that is known, the last for what is not
};

}  // namespace checkerlab::model
