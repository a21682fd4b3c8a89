// Finds classes and splits in the names of image files. Pure: looks at names only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/data/dataset.hpp"
#include "libmodel/data/file_source.hpp"

namespace checkerlab::model {

struct LabelledFile {
  std::string name;
  std::int64_t label = 0;
};

struct ClassFolders {
  std::vector<std::string> classes;  // sorted
  std::vector<LabelledFile> train;   // by label, then by name
  std::vector<LabelledFile> test;
};

// Images are files that end in jpg, jpeg or png (any case); hidden files and all others are passed over. An image's
// folder is its class, the folder above it the split where that is train, test or val ("val" is used where there is no
// "test"). Without a test split each image goes there with probability 1/10 by the hash of its name, but one image of
// each split always remains. `where` names the data set in messages. Throws Error when there are no images, they lie at
// different depths, some outside the splits, or a split is empty.
ClassFolders find_class_folders(const std::vector<SourceFile>& files, const std::string& where);

// The first `limit` images of every class in order; all where `limit` is 0.
std::vector<LabelledFile> limit_per_class(std::vector<LabelledFile> files, std::int64_t limit);

// True for one name in ten, the same ones always.
bool goes_to_test(const std::string& name);

}  // namespace checkerlab::model
