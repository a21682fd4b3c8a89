// A small pickle machine (binary protocols, 1 to 5). It builds plain values and tensors only: classes and functions are
// names that known_types gives a meaning to or refuses; nothing that the pickle brings is ever called. Memory is
// bounded by the limits below and in value.hpp, however the pickle is made.
//
// Format: https://github.com/python/cpython/blob/main/Lib/pickletools.py (documentation of the opcodes).
#pragma once

#include <functional>
#include <string_view>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model::pickle {

// Gives a persistent id (PyTorch's reference to a storage) its meaning. May throw Error.
using PersistentLoader = std::function<Value(const Value& id)>;

struct Unpickled {
  Value* root = nullptr;
  std::size_t bytes = 0;  // that the pickle took; more may follow
};

// Pickles longer than this are refused: those of checkpoints hold no weights and are small.
inline constexpr std::size_t kMaxPickleBytes = 64u << 20;

// Whose classes and functions a pickle may name: those of plain data, or also those of TorchScript archives.
enum class Vocabulary { plain, script };

// Reads one pickle from the front of `text`; the document gets its values. `where` names the file in errors. Throws
// Error: invalid_data (broken, an opcode or a name that is not plain data: named), too_large.
Unpickled unpickle(std::string_view text, Document& document, const PersistentLoader& persistent,
                   const std::string& where, Vocabulary vocabulary = Vocabulary::plain);

}  // namespace checkerlab::model::pickle
