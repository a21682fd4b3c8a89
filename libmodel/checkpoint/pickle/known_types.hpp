// The only classes and functions that a pickle may name, and what each means here: containers, argparse.Namespace,
// tensors and parameters, storages, types, shapes, paths, and numpy's scalars. Everything else is refused by name.
#pragma once

#include <c10/core/ScalarType.h>

#include <optional>
#include <string>
#include <string_view>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model::pickle {

bool known_global(std::string_view name);

// What pickles of TorchScript archives name besides: their classes (__torch__.…), whose objects are kept as an Object
// with its attributes, and the marks of typed lists and dicts, which mean what they mark.
bool known_script_global(std::string_view name);

// The element type of "torch.FloatStorage" and its like; of "torch.float32" and its like.
std::optional<c10::ScalarType> storage_type(std::string_view name);
std::optional<c10::ScalarType> dtype_of(std::string_view name);
// The names for writing. Throw Error(invalid_argument) for a type without a storage class.
std::string_view storage_name(c10::ScalarType type);

// What calling `callee` with the arguments gives (REDUCE and NEWOBJ). Throws Error(invalid_data) naming it where the
// arguments are not those that PyTorch or Python writes.
Value* call(Document& document, const Value& callee, const Value& arguments);

// Gives an object its state (BUILD). Throws Error(invalid_data) for values that take none.
void build(Value& object, Value* state);

}  // namespace checkerlab::model::pickle
