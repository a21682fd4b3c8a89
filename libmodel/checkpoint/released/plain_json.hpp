// Settings inside checkpoints (args, scaler, optimiser groups) as JSON, and back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

// None, truth values, numbers, texts, lists, tuples and sets (as arrays), dicts with text or integer keys, an
// argparse.Namespace (as an object), paths (as texts), tensors of one element (as numbers). `where` names the value in
// errors: Error(invalid_data) for anything else and beyond 64 levels.
nlohmann::json plain_json(const pickle::Value& value, const std::string& where);

// Objects become dicts, arrays lists.
pickle::Value* plain_value(pickle::Document& document, const nlohmann::json& json);

}  // namespace checkerlab::model
