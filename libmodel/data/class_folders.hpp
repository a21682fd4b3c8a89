// Finds classes and splits in the names of image files. Pure: looks at names only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/data/dataset.hpp"
#include "libmodel/data/file_source.hpp"
#include "libmodel/data/image_listing.hpp"

namespace checkerlab::model {

struct LabelledFile {
  std::string name;
  std::int64_t label = 0;
};

struct ClassFolders {
  std::vector<std::string> classes;  // sorted
  std::vector<LabelledFile> train;   // in the order of the listing
  std::vector<LabelledFile> test;
};

// An image's (`is_image_name`) folder is its class, the folder above it the split where that is train, test or val;
// hidden files and those that are no images are passed over. Classes are sorted. `where` names the data set in
// messages. Throws Error(invalid_argument) when there are no images, they lie at different depths, or some outside the
// splits.
ImageListing list_class_folders(const std::vector<SourceFile>& files, const std::string& where);

// A training and a test split: "val" is used where there is no "test". Without a test split each image goes there with
// probability 1/10 by the hash of its name, but one image of each split always remains. Throws Error(invalid_argument)
// when a split is empty.
ClassFolders split_images(const ImageListing& listing, const std::string& where);

// Both together.
ClassFolders find_class_folders(const std::vector<SourceFile>& files, const std::string& where);

// The first `limit` images of every class in order; all where `limit` is 0.
std::vector<LabelledFile> limit_per_class(std::vector<LabelledFile> files, std::int64_t limit);

// True for one name in ten, the same ones always.
bool goes_to_test(const std::string& name);

}  // namespace checkerlab::model
