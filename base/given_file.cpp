#include "base/given_file.hpp"

#include "base/fingerprint.hpp"
#include "base/sha256.hpp"

namespace checkerlab {

std::string given_file_sha256(const std::filesystem::path& path, bool with_configuration) {
  if (std::filesystem::is_directory(path)) return content_sha256(path);
  std::string hash = sha256_file(path);
  // Models of this project carry their configuration inside.
  if (!with_configuration || path.extension() == ".safetensors") return hash;
  for (const char* name : {"config.yaml", "autoencoder_config.yaml"}) {
    const auto beside = path.parent_path() / name;
    if (std::filesystem::exists(beside)) hash = sha256_hex(hash + "\n" + name + "\n" + sha256_file(beside));
  }
  return hash;
}

}  // namespace checkerlab
