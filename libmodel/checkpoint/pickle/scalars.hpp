// Opcodes that bring a value with them: None, truth values, numbers, texts, bytes. Internal to pickle/.
#pragma once

#include "libmodel/checkpoint/pickle/cursor.hpp"
#include "libmodel/checkpoint/pickle/opcodes.hpp"
#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model::pickle {

// The value, or nullptr where the opcode is not one of these. Throws Error(invalid_data) when the text ends too early.
Value* read_scalar(Opcode opcode, Cursor& cursor, Document& document);

}  // namespace checkerlab::model::pickle
