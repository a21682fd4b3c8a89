#include "libmodel/checkpoint/torch_file/torch_file.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/writer.hpp"
#include "libmodel/checkpoint/torch_file/formats.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"
#include "libmodel/checkpoint/zip/writer.hpp"

namespace checkerlab::model {

bool is_torch_file(const std::filesystem::path& path) {
  const RandomFile file(path);
  const std::string ending = path.extension().string();
  return Archive::recognises(file) || begins_as_legacy_format(file) || ending == ".pth" || ending == ".pt" ||
         ending == ".ckpt";
}

TorchFile read_torch_file(const std::filesystem::path& path, ByteProgress on_read) {
  const auto file = std::make_shared<const RandomFile>(path, std::move(on_read));
  if (Archive::recognises(*file)) return read_zip_format(file, false);
  if (begins_as_legacy_format(*file)) return read_legacy_format(file);
  throw Error(ErrorCode::invalid_data, path.string() + " is not a PyTorch file: it begins as neither of their formats",
              "Give a file written by torch.save");
}

void write_torch_file(const std::filesystem::path& path, const pickle::Value& root, const ByteProgress& on_written) {
  const pickle::Pickled pickled = pickle::pickle(root);
  ArchiveWriter archive(path);
  const std::string prefix = path.stem().string() + "/";
  archive.add(prefix + "data.pkl", pickled.text);
  archive.add(prefix + ".format_version", "1");
  archive.add(prefix + ".storage_alignment", "64");
  archive.add(prefix + "byteorder", "little");
  for (std::size_t i = 0; i < pickled.storages.size(); ++i) {
    const at::Tensor flat = pickled.storages[i]->view();
    archive.add(prefix + "data/" + std::to_string(i), flat.const_data_ptr(), flat.nbytes());
    if (on_written) on_written(flat.nbytes());
  }
  archive.add(prefix + "version", "3\n");
  archive.commit();
}

}  // namespace checkerlab::model
