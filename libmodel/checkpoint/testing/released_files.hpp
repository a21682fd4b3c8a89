// Released checkpoints for tests: the golden cases, and copies of them with something changed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "libmodel/checkpoint/pickle/value.hpp"

namespace checkerlab::model {

// tests/data/golden_model/CASE.
std::filesystem::path golden_folder(const std::string& case_name);

// Copies a case's checkpoint and configurations into `folder`; `change` gets the checkpoint's dict (without args)
// before it is written. Returns the checkpoint's path.
using CheckpointChange = std::function<void(pickle::Document& document, pickle::Dict& root)>;
std::filesystem::path changed_checkpoint(const std::string& case_name, const std::filesystem::path& folder,
                                         const CheckpointChange& change);

// The value, or the dict, under `key`.
pickle::Value& value_at(pickle::Dict& dict, const std::string& key);
pickle::Dict& dict_at(pickle::Dict& root, const std::string& key);
// Removes, replaces or adds an entry.
void remove_entry(pickle::Dict& dict, const std::string& key);
void put_entry(pickle::Document& document, pickle::Dict& dict, const std::string& key, pickle::Value* value);
void put_tensor(pickle::Document& document, pickle::Dict& dict, const std::string& key, const at::Tensor& tensor);

// Replaces text in a file; the text must be there.
void replace_in_file(const std::filesystem::path& file, const std::string& from, const std::string& to);

}  // namespace checkerlab::model
