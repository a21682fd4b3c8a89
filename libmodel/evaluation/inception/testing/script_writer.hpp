// A TorchScript archive as torch.jit.save writes it, as far as tensors go: objects of generated classes that hold each
// other, tensors and other attributes.
#pragma once

#include <filesystem>

#include "libmodel/checkpoint/released/state_dict.hpp"

namespace checkerlab::model {

// Dots in the names make objects inside objects.
void write_script_archive(const std::filesystem::path& file, const NamedTensors& tensors);

}  // namespace checkerlab::model
