// The tensors of a TorchScript archive (torch.jit.save). Its program is not read, let alone run: the objects in
// data.pkl are taken as records of attributes, whatever their classes do.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

struct ScriptTensors {
  std::shared_ptr<pickle::Document> document;
  // By the path of attributes: "layers.conv.weight". In the archive's order.
  std::vector<std::pair<std::string, pickle::TensorRecord>> tensors;
};

// True for a zip archive that holds a program. Throws Error(invalid_data) for a broken archive.
bool is_script_archive(const std::filesystem::path& file);

// Throws Error naming the file: not_found, io_error, invalid_data (broken, no program, or asking for what is not
// there), too_large (objects nested without end).
ScriptTensors read_script_archive(const std::filesystem::path& file);

}  // namespace checkerlab::model
