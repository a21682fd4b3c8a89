// YAML files as JSON values.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace checkerlab::model {

// Scalars as YAML 1.1 reads them (PyYAML's dialect: yes/no/on/off are truth values, 1e-3 without a dot is a number
// here). Throws Error(invalid_data) naming `where` and the line for broken text, keys given twice, more than a
// megabyte, more than 100,000 values or 64 levels.
nlohmann::json parse_yaml(std::string_view text, const std::string& where);

// The file parsed. Throws Error: not_found, io_error, invalid_data.
nlohmann::json read_yaml_file(const std::filesystem::path& file);

}  // namespace checkerlab::model
