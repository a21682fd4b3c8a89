#include "libmodel/data/image_listing.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.hpp"
#include "libmodel/data/class_folders.hpp"
#include "libmodel/data/webdataset.hpp"

namespace checkerlab::model {

ImageListing list_images(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                         Observer& observer) {
  return is_webdataset(files) ? list_webdataset(source, files, where, observer) : list_class_folders(files, where);
}

bool is_image_name(const std::string& name) {
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  auto ending = name.substr(dot + 1);
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == "jpg" || ending == "jpeg" || ending == "png" || ending == "webp";
}

std::vector<ListedImage> images_of_split(const ImageListing& listing, const std::string& split,
                                         const std::string& where) {
  std::set<std::string> splits;
  for (const auto& image : listing.images)
    splits.insert(image.split);
  const bool no_splits = splits == std::set<std::string>{""};
  const auto wanted = split == "test" && !splits.contains("test") ? "val" : split;
  std::vector<ListedImage> images;
  for (const auto& image : listing.images) {
    if (split == "all" || image.split == wanted || (no_splits && split == "train")) images.push_back(image);
  }
  if (images.empty()) {
    std::string there;
    for (const auto& name : splits)
      there += (there.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::invalid_argument, "the data set " + where + " has no images of the split '" + split + "'",
                no_splits ? "It has no splits: choose train or all." : "Its splits are " + there + "; or choose all.");
  }
  return images;
}

}  // namespace checkerlab::model
