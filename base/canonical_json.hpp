// One spelling for each JSON value, so that equal specs have equal hashes: object keys sorted by bytes, no white space,
// shortest decimal form that reads back as the same double, whole numbers without a fraction (1.0 and 1 are the same),
// -0 as 0.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace checkerlab {

// Throws Error(not_finite) for NaN and infinity, Error(invalid_data) for invalid UTF-8 or binary values.
std::string canonical_json(const nlohmann::json& value);

// sha256_hex(canonical_json(value)).
std::string content_key(const nlohmann::json& value);

}  // namespace checkerlab
