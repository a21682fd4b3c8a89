#include "sweeps/given_files.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::sweeps {

std::vector<WantedFile> wanted_files(const StudyDefinition& study) {
  std::vector<WantedFile> wanted;
  const auto add = [&](const std::string& place, const std::string& text, bool with_configuration) {
    if (!text.empty()) wanted.push_back({place, text, with_configuration});
  };
  add("tokenizer.file", study.tokenizer.file, true);
  for (std::size_t i = 0; i < study.model.given.size(); ++i)
    add("model.given." + std::to_string(i) + ".file", study.model.given[i].file, true);
  if (study.model.start) add("model.start.file", study.model.start->file, true);
  if (!study.sweep.has_points()) return wanted;
  if (study.evaluation.network) {
    add("evaluation.network.name", study.evaluation.network->name, false);
    add("evaluation.network.file", study.evaluation.network->file, false);
  }
  add("evaluation.reference.file", study.evaluation.reference_file, false);
  return wanted;
}

const GivenFile& given_file(std::span<const GivenFile> files, const std::string& place) {
  const auto found = std::ranges::find(files, place, &GivenFile::place);
  if (found == files.end())
    throw Error(ErrorCode::invalid_argument,
                "the file that the definition names at " + place + " has not been read yet",
                "Submit with its path and hash, as `checkerlab run` does.");
  if (!is_sha256_hex(found->sha256))
    throw Error(ErrorCode::invalid_argument, "the hash of the file at " + place + " is not 64 lower-case hex digits");
  return *found;
}

}  // namespace checkerlab::sweeps
