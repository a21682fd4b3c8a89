// The labelled images that a source holds, by name, whatever its layout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/data/file_source.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct ListedImage {
  std::string name;
  std::int64_t label = 0;
  std::string split;  // "train", "test", "val"; empty where the source has no splits
};

struct ImageListing {
  std::vector<std::string> classes;
  std::vector<ListedImage> images;  // class folders: by label, then by name; samples with label files: by name
};

// Told apart by what is there: samples with label files (`is_webdataset`), else class folders. Throws Error
// (invalid_argument, invalid_data, cancelled) when the files are neither.
ImageListing list_images(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                         Observer& observer);

// True for names that end in jpg, jpeg, png or webp (any case).
bool is_image_name(const std::string& name);

// The images of "train", "test" ("val" where there is no "test"), "val", or "all"; where the source has no splits, all
// images are training images. Throws Error(invalid_argument) when there are none, naming the splits there are.
std::vector<ListedImage> images_of_split(const ImageListing& listing, const std::string& split,
                                         const std::string& where);

}  // namespace checkerlab::model
