// Files that a definition names: models, tokenizers, feature networks, references. Whoever reads files finds and hashes
// them; planning needs only their hashes. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

struct WantedFile {
  std::string place;  // in the definition: "tokenizer.file", "model.given.0.file", "evaluation.network.name", …
  std::string text;   // what stands there
  // A released checkpoint is read together with the configuration beside it, which its hash then covers.
  bool with_configuration = false;

  bool by_name() const { return place.ends_with(".name"); }  // a name in the folder of networks, not a path
  bool operator==(const WantedFile&) const = default;
};

struct GivenFile {
  std::string place;
  std::string path;    // absolute; becomes a hint
  std::string sha256;  // part of the key
};

// In the order of the definition.
std::vector<WantedFile> wanted_files(const StudyDefinition& study);

// The file for `place`. Throws Error(invalid_argument) when it is not among `files` or its hash is malformed.
const GivenFile& given_file(std::span<const GivenFile> files, const std::string& place);

}  // namespace checkerlab::sweeps
