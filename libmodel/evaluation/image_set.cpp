#include "libmodel/evaluation/image_set.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/data/folder_source.hpp"
#include "libmodel/data/tar_source.hpp"
#include "libmodel/data/tar_stream.hpp"
#include "libmodel/data/unpack_archive.hpp"
#include "libmodel/evaluation/file_image_set.hpp"
#include "libmodel/evaluation/npz_image_set.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

bool is_named_tar(const fs::path& path) {
  const auto name = path.filename().string();
  return name.ends_with(".tar") || name.ends_with(".tar.gz") || name.ends_with(".tgz");
}

std::unique_ptr<ImageSet> open_tar(const fs::path& path, Observer& observer) {
  if (is_plain_archive(path)) {
    auto source = std::make_unique<TarSource>(std::vector<TarArchive>{{path, ""}});
    return std::make_unique<FileImageSet>(std::move(source), path.string(), std::nullopt, observer);
  }
  observer.log(LogLevel::info, "unpacking " + path.string() + " into a temporary file");
  TemporaryFolder folder("checkerlab-images");
  const auto plain = folder.path() / path.filename();  // which errors name
  unpack_archive(path, plain, observer);
  auto source = std::make_unique<TarSource>(std::vector<TarArchive>{{plain, ""}});
  return std::make_unique<FileImageSet>(std::move(source), path.string(), std::move(folder), observer);
}

}  // namespace

std::unique_ptr<ImageSet> open_image_set(const fs::path& path, Observer& observer) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) throw Error(ErrorCode::not_found, path.string() + " does not exist", "Check the path.");
  if (fs::is_directory(status)) {
    return std::make_unique<FileImageSet>(std::make_unique<FolderSource>(path), "the folder " + path.string(),
                                          std::nullopt, observer);
  }
  if (is_named_tar(path)) return open_tar(path, observer);
  if (path.extension() == ".npz" || Archive::recognises(RandomFile(path)))
    return std::make_unique<NpzImageSet>(NpzFile(path));
  throw Error(ErrorCode::invalid_argument, path.string() + " is no set of images",
              "Give a folder, a .tar or .tar.gz of images, or an .npz with arr_0.");
}

std::string ImageCounts::text() const {
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(corrupt, "corrupt (left out)");
  add(grey, "grey");
  add(cmyk, "CMYK");
  add(alpha, "with alpha (dropped)");
  add(sixteen_bit, "of 16 bits (rounded)");
  add(turned, "with an EXIF orientation (not applied)");
  add(jpeg, "JPEG");
  add(sizes.size() > 1 ? static_cast<std::int64_t>(sizes.size()) : 0, "sizes");
  return text;
}

}  // namespace checkerlab::model
