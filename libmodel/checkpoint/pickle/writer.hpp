// Writes values as a pickle of protocol 2, in the opcodes that PyTorch's `weights_only` loading accepts: None, truth
// values, numbers, texts, lists, tuples, dicts, OrderedDicts (with attributes), sets, tensors and parameters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model::pickle {

struct Pickled {
  std::string text;
  std::vector<std::shared_ptr<LazyStorage>> storages;  // storage number i is named "i"; each once, however often viewed
};

// Throws Error(invalid_argument) for values of other kinds (classes and their objects among them) and for a value that
// contains itself.
Pickled pickle(const Value& root);

}  // namespace checkerlab::model::pickle
