// The two formats, each read by its own source file. Internal to torch_file/.
#pragma once

#include <memory>

#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

// True where TorchScript's constants stand beside the data.
bool holds_program(const Archive& archive);
// An archive that holds a program (TorchScript) is refused as plain data, and the reverse.
TorchFile read_zip_format(std::shared_ptr<const RandomFile> file, bool program);

bool begins_as_legacy_format(const RandomFile& file);
TorchFile read_legacy_format(std::shared_ptr<const RandomFile> file);

}  // namespace checkerlab::model
