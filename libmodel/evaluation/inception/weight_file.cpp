#include "libmodel/evaluation/inception/weight_file.hpp"

#include <cstring>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/torch_file/script_archive.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"
#include "libmodel/evaluation/inception/graph_source.hpp"
#include "libmodel/evaluation/inception/state_source.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;  // the network's own files have 96 MB
constexpr char kPickle = '\x80', kFirstNode = '\x0a';

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::invalid_data, file.string() + " is not a feature network: " + what, kNetworkFilesAccepted);
}

bool begins_as_safetensors(const RandomFile& file) {
  std::uint64_t header = 0;
  if (file.size() < sizeof header + 2) return false;
  const std::string begin = file.read(0, sizeof header + 1);
  std::memcpy(&header, begin.data(), sizeof header);
  return begin.back() == '{' && header <= file.size() - sizeof header;
}

bool holds_pickle(const Archive& archive) {
  for (const auto& [name, entry] : archive.entries()) {
    if (name == "data.pkl" || name.ends_with("/data.pkl")) return true;
  }
  return false;
}

StateDict script_state(const fs::path& file) {
  const ScriptTensors archive = read_script_archive(file);
  StateDict state;
  for (const auto& [name, record] : archive.tensors) {
    if (state.contains(name)) refuse(file, "two of its tensors are called " + name);
    state.add(name, record);
  }
  return state;
}

std::unique_ptr<WeightSource> open_source(const fs::path& file) {
  const std::string where = file.string();
  switch (network_file_kind(file)) {
    case NetworkFileKind::torch:
      return torch_names(StateDict(*read_torch_file(file).root, fs::file_size(file), where), where);
    case NetworkFileKind::script:
      return script_names(script_state(file), where);
    case NetworkFileKind::graph: {
      const RandomFile graph(file);
      return graph_names(std::make_unique<GraphDef>(graph.read(0, graph.size()), where), where);
    }
    case NetworkFileKind::safetensors:
      break;
  }
  return torch_names(StateDict(read_safetensors(file).tensors), where);
}

}  // namespace

NetworkFileKind network_file_kind(const fs::path& path) {
  const auto file = std::make_shared<const RandomFile>(path);
  if (file->size() > kMaxFileBytes)
    throw Error(ErrorCode::too_large,
                path.string() + " has " + std::to_string(file->size()) + " bytes; a feature network has at most " +
                    std::to_string(kMaxFileBytes),
                kNetworkFilesAccepted);
  if (file->size() == 0) refuse(path, "it is empty");
  if (begins_as_safetensors(*file)) return NetworkFileKind::safetensors;
  if (Archive::recognises(*file)) {
    if (is_script_archive(path)) return NetworkFileKind::script;
    if (!holds_pickle(Archive(file))) refuse(path, "a zip archive that holds no data.pkl");
    return NetworkFileKind::torch;
  }
  const char first = file->read(0, 1)[0];
  if (first == kPickle) return NetworkFileKind::torch;
  if (first == kFirstNode) return NetworkFileKind::graph;
  refuse(path, "it begins as none of the files that hold one");
}

InceptionWeights read_inception_weights(const fs::path& file) {
  return load_weights(*open_source(file), file.string());
}

}  // namespace checkerlab::model
