#include "cli/dataset/given_files.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/given_file.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;

fs::path network_folder(const Context& context) {
  const char* configured = std::getenv("CHECKERLAB_NETWORKS");
  return configured && *configured ? fs::absolute(configured) : context.data_directory() / "networks";
}

fs::path find_named(const sweeps::WantedFile& wanted, const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() == wanted.text) return entry.path();
    if (entry.path().stem() == wanted.text) found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  throw Error(ErrorCode::not_found,
              wanted.place + ": there is " + (found.empty() ? "no" : "more than one") + " file called '" + wanted.text +
                  "' in " + folder.string(),
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
    const fs::path path = wanted.by_name() ? find_named(wanted, network_folder(context)) : find_path(wanted, current);
    files.push_back({wanted.place, path.string(), given_file_sha256(path, wanted.with_configuration)});
    context.console.err << wanted.place << " " << path.string() << ": sha256 " << files.back().sha256.substr(0, 12)
                        << std::endl;
  }
  return files;
}

}  // namespace checkerlab::cli
