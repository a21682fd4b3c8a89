#include "libmodel/checkpoint/testing/released_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.hpp"
#include "libmodel/checkpoint/testing/values.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

fs::path golden_folder(const std::string& case_name) {
  return fs::path(CHECKERLAB_TEST_DATA) / "golden_model" / case_name;
}

fs::path changed_checkpoint(const std::string& case_name, const fs::path& folder, const CheckpointChange& change) {
  for (const char* name : {"config.yaml", "autoencoder_config.yaml"})
    fs::copy_file(golden_folder(case_name) / name, folder / name, fs::copy_options::overwrite_existing);
  const TorchFile file = read_torch_file(golden_folder(case_name) / "checkpoint.pth");
  pickle::Value root = *file.root;
  auto& dict = the<pickle::Dict>(root);
  remove_entry(dict, "args");
  change(*file.document, dict);
  write_torch_file(folder / "checkpoint.pth", root);
  return folder / "checkpoint.pth";
}

pickle::Value& value_at(pickle::Dict& dict, const std::string& key) {
  for (auto& [name, value] : dict.items) {
    if (the<std::string>(*name) == key) return *value;
  }
  throw std::out_of_range(key);
}

pickle::Dict& dict_at(pickle::Dict& root, const std::string& key) {
  return the<pickle::Dict>(value_at(root, key));
}

void remove_entry(pickle::Dict& dict, const std::string& key) {
  std::erase_if(dict.items, [&](const auto& item) { return the<std::string>(*item.first) == key; });
}

void put_entry(pickle::Document& document, pickle::Dict& dict, const std::string& key, pickle::Value* value) {
  remove_entry(dict, key);
  dict.items.emplace_back(document.make(key), value);
}

void put_tensor(pickle::Document& document, pickle::Dict& dict, const std::string& key, const at::Tensor& tensor) {
  put_entry(document, dict, key, document.make(pickle::record_of(tensor)));
}

void replace_in_file(const fs::path& file, const std::string& from, const std::string& to) {
  SystemFiles files;
  std::string text = files.read(file);
  const auto place = text.find(from);
  ASSERT_NE(place, std::string::npos) << from;
  files.write_atomic(file, text.replace(place, from.size(), to), 0644);
}

}  // namespace checkerlab::model
