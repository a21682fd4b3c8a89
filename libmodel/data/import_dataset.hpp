#pragma once

#include <cstdint>
#include <filesystem>

#include "libmodel/data/dataset.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct ImportOptions {
  std::int64_t size = 0;             // side of the images wanted, in pixels
  std::int64_t max_corrupt = 0;      // more corrupt images than this end the import with an Error
  std::int64_t limit_per_class = 0;  // at most that many images a class and split, in order; 0 = all
  std::int64_t threads = 1;          // decoding threads; changes nothing in the result
};

// Reads an image data set from files. Accepted, told apart by what is there:
// - the official CIFAR-10/100 binary files, in a folder or inside a tar or tar.gz;
// - samples with label files (`list_webdataset`), most often in numbered shards;
// - `train/CLASS/IMAGE` and `test/CLASS/IMAGE` (or `val`), or only `CLASS/IMAGE`, as folders, as one tar or tar.gz, or
//   as a folder that holds train.tar.gz and test.tar.gz (or .tar, .tgz). `open_source` lists the places in full.
//
// Classes are sorted by name, images inside a class by path, so the result does not depend on the order of the files.
// Where there is no test split, each image goes to it with probability 1/10 by the hash of its path (at least one
// image of each split remains). JPEG, PNG and WebP images are turned as their EXIF
// tag says; those of another size are brought to a square by `fit_square`. Each corrupt image is
// named through the observer's log and left out. Throws Error for a path that is missing or cannot be read, a layout
// not listed here, an archive that is damaged or whose entries point outside it, no images at all, more than
// `max_corrupt` corrupt images, or cancellation.
Dataset import_dataset(const std::filesystem::path& path, const ImportOptions& options, Observer& observer);

}  // namespace checkerlab::model
