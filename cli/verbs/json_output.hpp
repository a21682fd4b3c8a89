// JSON as verbs print it.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

namespace checkerlab::cli {

// One document, indented for reading, with a newline. Bytes that are no UTF-8 are replaced.
inline void print_document(std::ostream& out, const nlohmann::json& document) {
  out << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

// One document on one line, written at once.
inline void print_line(std::ostream& out, const nlohmann::json& document) {
  out << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

}  // namespace checkerlab::cli
