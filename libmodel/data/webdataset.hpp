// Samples as WebDataset writes them: files with one stem (the name up to the first '.' of its last part), here an image
// and a label, `KEY.jpg` with `KEY.cls` or `KEY.json`.
#pragma once

#include <string>
#include <vector>

#include "libmodel/data/image_listing.hpp"

namespace checkerlab::model {

// True when the files (sorted by name) hold an image and a .cls or .json of one stem.
bool is_webdataset(const std::vector<SourceFile>& files);

// Reads the labels: a .cls is an integer as text, a .json an object with the integer "label" or "cls". Class names come
// from a classes.txt or classnames.txt (one a line) anywhere in the source; where there is none they are the label
// numbers. The split is told by a folder or shard above the image that is called train, val, validation or test (or
// train-000000 and so on). Other files are passed over. Throws Error(invalid_data) naming the sample when one has
// several images, no label, one that cannot be read, is negative or has no name.
ImageListing list_webdataset(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                             Observer& observer);

}  // namespace checkerlab::model
