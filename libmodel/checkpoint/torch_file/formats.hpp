// The two formats, each read by its own source file. Internal to torch_file/.
#pragma once

#include <memory>

#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

TorchFile read_zip_format(std::shared_ptr<const RandomFile> file);

bool begins_as_legacy_format(const RandomFile& file);
TorchFile read_legacy_format(std::shared_ptr<const RandomFile> file);

}  // namespace checkerlab::model
