// Images that are to be measured, wherever they lie: a folder, a tar archive or a NumPy archive of any system.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct ImageSetOptions {
  std::int64_t batch = 64;       // images handed out at a time, at most
  std::int64_t threads = 1;      // that decode files
  std::int64_t max_corrupt = 0;  // images that cannot be decoded and are left out; one more is an error
};

// What was met in a set. Everything counted is handled in one stated way (decode_image); nothing of it is an error.
struct ImageCounts {
  std::int64_t images = 0;       // handed out
  std::int64_t corrupt = 0;      // left out
  std::int64_t grey = 0;         // their channel was repeated
  std::int64_t cmyk = 0;         // inks turned into light
  std::int64_t alpha = 0;        // alpha or a transparent colour dropped
  std::int64_t sixteen_bit = 0;  // samples rounded to eight bits
  std::int64_t jpeg = 0;         // which changes pixels a little, and features with them
  std::int64_t turned = 0;       // an EXIF orientation, which is not applied
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> sizes;  // images by (height, width)

  // "3 grey, 2 with alpha"; empty where there is nothing to tell.
  [[nodiscard]] std::string text() const;
};

// Consecutive images of one size.
struct ImageRows {
  std::vector<std::int64_t> places;  // of each image in the set: gaps where one is corrupt
  at::Tensor pixels;                 // uint8 [n,H,W,3], RGB, on the CPU
};

// One pass over a set from its first image on. Belongs to one thread; must not outlive the set.
class ImageReader {
 public:
  virtual ~ImageReader() = default;
  // The next images in the set's order, nothing at the end. Throws Error that names the image or the member:
  // invalid_data (more corrupt images than allowed, damaged archive), io_error, not_found, cancelled.
  virtual std::optional<ImageRows> next(Observer& observer) = 0;
  [[nodiscard]] virtual const ImageCounts& counts() const = 0;
};

// Not thread-safe. Memory grows with the number of names, not with the pixels.
class ImageSet {
 public:
  virtual ~ImageSet() = default;

  // Images listed, corrupt ones among them.
  [[nodiscard]] virtual std::int64_t size() const = 0;
  // Of image i: the path below the folder or inside the archive, or "arr_0[i]".
  [[nodiscard]] virtual std::string name(std::int64_t i) const = 0;
  // Names the content. Files: SHA-256 of the lines "SHA-256 of the file, two spaces, name" in the order of the names,
  // as `sha256sum` prints them; a folder and an archive of it have the same. A NumPy archive: of the whole file. Reads
  // all of it unless a pass has done so. No reader may be there meanwhile.
  virtual std::string sha256(Observer& observer) = 0;
  virtual std::unique_ptr<ImageReader> read(const ImageSetOptions& options, Observer& observer) = 0;
};

// A folder (png, jpg, jpeg and webp in it and below it, but for hidden ones), a .tar or .tar.gz of such files, or an
// .npz whose `arr_0` is uint8 [N,H,W,3]. Files are in the order of their names, byte by byte; rows in their own. What a
// compressed tar holds is unpacked into a temporary file, since its order is not that of the names. Throws Error that
// names the path: not_found, invalid_argument (no images, not such a thing), invalid_data (damaged, other keys, another
// type or shape, a name that leads out), io_error, disk_full, cancelled.
std::unique_ptr<ImageSet> open_image_set(const std::filesystem::path& path, Observer& observer);

}  // namespace checkerlab::model
