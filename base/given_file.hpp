// The identity of a file that a study names.
#pragma once

#include <filesystem>
#include <string>

namespace checkerlab {

// SHA-256 in hexadecimal. Of a file: of its bytes; of a folder: as content_sha256 (fingerprint.hpp). With
// `with_configuration`, a config.yaml or autoencoder_config.yaml beside the file, which the readers of released
// checkpoints look at, is part of it. Throws Error when something cannot be read.
std::string given_file_sha256(const std::filesystem::path& path, bool with_configuration);

}  // namespace checkerlab
