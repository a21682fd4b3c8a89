// The well-formed values of a definition, by JSON pointer, for rules that combine several of them.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

class Facts {
 public:
  // `document` outlives this object. `known` are the complaints so far.
  Facts(const SourceDocument& document, const std::vector<DefinitionIssue>& known);

  // The value, unless it is missing, of another type, or complained of.
  std::optional<std::int64_t> integer(const std::string& pointer) const;
  std::optional<double> number(const std::string& pointer) const;
  std::optional<std::string> text(const std::string& pointer) const;
  // The number of entries of a list that is not complained of itself.
  std::optional<std::int64_t> count(const std::string& pointer) const;

  // Side of the token grid, when image size and stride are right and fit each other.
  std::optional<std::int64_t> grid() const;

 private:
  const nlohmann::json* find(const std::string& pointer) const;

  const SourceDocument& document_;
  std::set<std::string> bad_;  // dotted paths
};

}  // namespace checkerlab::sweeps
