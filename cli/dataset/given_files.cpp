#include "cli/dataset/given_files.hpp"

#include <cstdlib>
#include <sstream>

#include "base/error.hpp"
#include "base/given_file.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;

// As libmodel's network_folders: $CHECKERLAB_NETWORKS (several folders apart by ':'), else the data directory's.
std::vector<fs::path> network_folders(const Context& context) {
  const char* configured = std::getenv("CHECKERLAB_NETWORKS");
  if (!configured || !*configured) return {context.data_directory() / "networks"};
  std::vector<fs::path> folders;
  std::istringstream list{std::string(configured)};
  for (std::string folder; std::getline(list, folder, ':');) {
    if (!folder.empty()) folders.push_back(fs::absolute(folder));
  }
  return folders;
}

std::string joined(const std::vector<fs::path>& folders) {
  std::string text;
  for (const fs::path& folder : folders)
    text += (text.empty() ? "" : ", ") + folder.string();
  return text;
}

fs::path find_named(const sweeps::WantedFile& wanted, const std::vector<fs::path>& folders) {
  std::vector<fs::path> found;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().filename() == wanted.text) return entry.path();
      if (entry.path().stem() == wanted.text) found.push_back(entry.path());
    }
  }
  if (found.size() == 1) return found.front();
  throw Error(ErrorCode::not_found,
              wanted.place + ": there is " + (found.empty() ? "no" : "more than one") + " file called '" + wanted.text +
                  "' in " + joined(folders),
              "Put the network there, name another folder with CHECKERLAB_NETWORKS, or give a path with "
              "evaluation.network.file.");
}

fs::path find_path(const sweeps::WantedFile& wanted, const fs::path& current) {
  fs::path path = (current / wanted.text).lexically_normal();
  std::error_code error;
  if (fs::exists(path, error)) return path;
  throw Error(ErrorCode::not_found, wanted.place + ": " + path.string() + " does not exist",
              "A relative path is taken from the folder in which checkerlab is started; give another with --set " +
                  wanted.place + "=PATH.");
}

}  // namespace

std::vector<sweeps::GivenFile> find_given_files(const sweeps::StudyDefinition& study, const fs::path& current,
                                                const Context& context) {
  std::vector<sweeps::GivenFile> files;
  for (const sweeps::WantedFile& wanted : sweeps::wanted_files(study)) {
    const fs::path path = wanted.by_name() ? find_named(wanted, network_folders(context)) : find_path(wanted, current);
    files.push_back({wanted.place, path.string(), given_file_sha256(path, wanted.with_configuration)});
    context.console.err << wanted.place << " " << path.string() << ": sha256 " << files.back().sha256.substr(0, 12)
                        << std::endl;
  }
  return files;
}

}  // namespace checkerlab::cli
