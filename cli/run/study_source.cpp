#include "cli/run/study_source.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/dataset/content.hpp"
#include "cli/dataset/given_files.hpp"
#include "sweeps/issue_text.hpp"
#include "sweeps/parse.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestDefinition = 1U << 20U;

std::string read_definition(const std::string& filename) {
  std::error_code error;
  const auto status = fs::status(filename, error);
  if (!fs::exists(status)) {
    throw Error(ErrorCode::not_found, "the study " + filename + " does not exist",
                "Give the path of a YAML definition; sweeps/demo.yaml is one to start from.");
  }
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::invalid_argument, filename + " is a folder", "Give the path of a YAML definition.");
  }
  if (fs::is_regular_file(status) && fs::file_size(filename, error) > kLargestDefinition) {
    throw Error(ErrorCode::too_large, filename + " is larger than 1 MiB", "A study definition is a small YAML file.");
  }
  return SystemFiles().read(filename);
}

}  // namespace

nlohmann::json StudySource::request() const {
  nlohmann::json body{{"definition", text}, {"filename", filename}, {"overrides", overrides}, {"dataset", nullptr}};
  for (const auto& file : files)
    body["files"].push_back({{"place", file.place}, {"path", file.path}, {"sha256", file.sha256}});
  if (content) {
    body["dataset"] = {
        {"path", content->path}, {"content_sha256", content->content_sha256}, {"images", content->images}};
  }
  return body;
}

StudySource read_study(const std::string& filename, const std::vector<std::string>& overrides) {
  StudySource source{.filename = filename,
                     .text = read_definition(filename),
                     .overrides = overrides,
                     .definition = {},
                     .content = std::nullopt,
                     .files = {}};
  try {
    source.definition = sweeps::parse_study(source.text, filename, overrides);
  } catch (const sweeps::DefinitionError& error) {
    throw sweeps::DefinitionRefused(error, source.text);
  }
  return source;
}

StudySource load_study(const std::string& filename, const std::vector<std::string>& overrides, const Context& context) {
  StudySource source = read_study(filename, overrides);
  source.content = dataset_content(source.definition.dataset, fs::current_path(), context.console);
  source.files = find_given_files(source.definition, fs::current_path(), context);
  return source;
}

}  // namespace checkerlab::cli
